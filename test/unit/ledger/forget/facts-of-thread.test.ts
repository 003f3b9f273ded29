/** What the ledger has of a thread beside its events, when some of it is forgotten. */
import { expect } from 'chai'
import type { ForgetSubject } from '../../../../src/ledger/forget/choose-events.ts'
import { clearFacts, countFacts } from '../../../../src/ledger/forget/facts-of-thread.ts'
import { ledgerOfEachTest, newEvent, storedThread } from '../../../support/ledger-of-each-test.ts'

const text = 'grün "7"'
const ann = { label: 'ann', kind: 'ui', pid: 1 }
const secretive = { ...ann, label: `ann ${text}` }
const plain = [{ type: 'text', text: 'plain' }]
const secret = [{ type: 'text', text: `so: ${text}` }]
const other = 'b'

describe('The facts of a thread', () => {
  const site = ledgerOfEachTest()
  const key = () => site.ledger.threads.counters(storedThread).key
  const count = (subject: Omit<ForgetSubject, 'threadId'>) =>
    countFacts(site.ledger.db, key(), { threadId: storedThread, ...subject })
  const clear = (subject: Omit<ForgetSubject, 'threadId'>, turnIds: string[] = []) => {
    clearFacts(site.ledger.db, key(), { threadId: storedThread, ...subject }, turnIds)
    expect(facts(other), 'those of another thread').to.deep.equal(filled)
  }

  const describeThread = (name: string | null, preview: string | null, threadId = storedThread) =>
    site.ledger.threads.describe(threadId, { name, preview })
  /** One that is known stays where Codex says another. */
  const setPreview = (preview: string) =>
    site.ledger.db.prepare('UPDATE threads SET preview = ? WHERE key = ?').run(preview, key())
  const submit = (requestId: string, turnId: string, { input = plain, by = ann, threadId = storedThread } = {}) => {
    site.ledger.turns.remember(threadId, { requestId, content: `digest of ${requestId}`, input, by })
    site.ledger.turns.fulfil(threadId, requestId, turnId)
  }
  const startTurn = (turnId: string, by = ann, threadId = storedThread) =>
    site.ledger.events.append([newEvent('turn/started', { threadId, turnId, by, params: { turn: { id: turnId } } })])
  const queue = (id: string, { input = plain, by = ann, metadata = {}, clientId = id, threadId = storedThread } = {}) =>
    site.ledger.queue.add(threadId, { id, clientId, requestId: id, input, metadata, by, atMs: 1 })

  const rows = (sql: string, threadId = storedThread) =>
    site.ledger.db
      .prepare(sql)
      .raw()
      .all(threadId === storedThread ? key() : site.ledger.threads.counters(threadId).key)
      .map((row) => (row as unknown[]).join(' '))
  /** All of them in a few words: `·` is what was cleared. */
  const facts = (threadId = storedThread) => ({
    thread: rows("SELECT coalesce(name, '·'), coalesce(preview, '·') FROM threads WHERE key = ?", threadId),
    requests: rows(
      `SELECT request_id, turn_id, iif(content = '', '·', 'content'), iif(by IS NULL, '·', 'by'), iif(input IS NULL, '·', 'input')
       FROM requests WHERE thread = ? ORDER BY request_id`,
      threadId,
    ),
    turns: rows("SELECT turn_id, iif(by IS NULL, '·', 'by') FROM turns WHERE thread = ? ORDER BY turn_id", threadId),
    queued: site.ledger.queue.list(threadId).map(({ id, by }) => `${id} ${by === null ? '·' : 'by'}`),
  })

  const fill = (threadId = storedThread) => {
    describeThread('lab', 'the first prompt', threadId)
    for (const turn of ['1', '2']) {
      startTurn(`t${turn}`, ann, threadId)
      submit(`r${turn}`, `t${turn}`, { threadId })
      queue(`q${turn}`, { threadId })
    }
  }
  const filled = {
    thread: ['lab the first prompt'],
    requests: ['r1 t1 content by input', 'r2 t2 content by input'],
    turns: ['t1 by', 't2 by'],
    queued: ['q1 by', 'q2 by'],
  }

  beforeEach(() => {
    site.ledger.threads.open(other)
    fill(other)
    fill()
    expect(facts()).to.deep.equal(filled)
  })

  const places: readonly (readonly [place: string, fillIn: () => void, cleared: Partial<typeof filled>])[] = [
    ['the name', () => describeThread(`about ${text}`, null), { thread: [' the first prompt'] }],
    ['the first prompt', () => setPreview(`so: ${text}`), { thread: ['lab '] }],
    ['a request id', () => submit(`job ${text}`, 't2'), {}],
    [
      'what was submitted',
      () => submit('r3', 't2', { input: secret }),
      { requests: [...filled.requests, 'r3 t2 content by ·'] },
    ],
    [
      'who submitted it',
      () => submit('r3', 't2', { by: secretive }),
      { requests: [...filled.requests, 'r3 t2 content · input'] },
    ],
    ['who began a turn', () => startTurn('t3', secretive), { turns: [...filled.turns, 't3 ·'] }],
    ['what waits', () => queue('q3', { input: secret }), {}],
    ['what a client says of what waits', () => queue('q3', { metadata: { note: text } }), {}],
    ['the client’s id of what waits', () => queue('q3', { clientId: text }), {}],
    ['who queued it', () => queue('q3', { by: secretive }), { queued: [...filled.queued, 'q3 ·'] }],
  ]
  for (const [place, fillIn, cleared] of places) {
    it(`are cleared of a text in ${place}, and nothing else of them`, () => {
      fillIn()
      const before = count({ text })
      clear({ text })
      expect([before, facts(), count({ text })]).to.deep.equal([1, { ...filled, ...cleared }, 0])
    })
  }

  it('keep a name and a first prompt that are not known yet from coming from Codex', () => {
    site.ledger.db.prepare('UPDATE threads SET name = NULL, preview = NULL WHERE key = ?').run(key())
    clear({ text })
    expect(facts().thread).to.deep.equal([' '])
  })

  it('are no reason of their own to forget a turn or a thread', () => {
    expect([count({}), count({ turnId: 't1' })]).to.deep.equal([0, 0])
  })

  it('lose the digest of what was submitted in the turns that lose events', () => {
    clear({ text }, ['t2', 'unknown'])
    expect(facts()).to.deep.equal({ ...filled, requests: ['r1 t1 content by input', 'r2 t2 · by input'] })
  })

  it('lose what was submitted in a turn, and by whom; the ids stay', () => {
    clear({ turnId: 't2' }, ['t2'])
    expect(facts()).to.deep.equal({
      ...filled,
      requests: ['r1 t1 content by input', 'r2 t2 · · ·'],
      turns: ['t1 by', 't2 ·'],
    })
  })

  it('lose the first prompt with the first turn', () => {
    clear({ turnId: 't1' }, ['t1'])
    expect(facts()).to.deep.include({ thread: ['lab '], turns: ['t1 ·', 't2 by'] })
  })

  it('are ids alone of a whole thread, which is closed', () => {
    clear({}, ['t1', 't2'])
    expect(facts()).to.deep.equal({
      thread: ['· '],
      requests: ['r1 t1 · · ·', 'r2 t2 · · ·'],
      turns: ['t1 ·', 't2 ·'],
      queued: [],
    })
    expect(rows('SELECT cwd, closed_ms IS NOT NULL FROM threads WHERE key = ?')).to.deep.equal([' 1'])
  })
})
