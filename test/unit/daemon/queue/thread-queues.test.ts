/** Queues on a real ledger: what may be queued, under which request id, and what a daemon finds that was killed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { pino } from 'pino'
import { contentDigest } from '../../../../src/daemon/gate/request-id.ts'
import { Peers } from '../../../../src/daemon/peers/peers.ts'
import { Recorder } from '../../../../src/daemon/publishing/recorder.ts'
import { promptOf, ThreadQueues } from '../../../../src/daemon/queue/thread-queues.ts'
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts'
import type { QueuedRow } from '../../../../src/ledger/queue-store.ts'

const threadId = 't'
const by = { label: 'ann', kind: 'script', pid: 7 }

describe('The queue of a thread', () => {
  let dir: string
  let ledger: Ledger
  let recorder: Recorder
  let queues: ThreadQueues

  const open = () => {
    ledger = openLedger(join(dir, 'ledger.db'))
    recorder = new Recorder({ ledger, log: pino({ level: 'silent' }), publish: () => {}, onMissed: () => {} })
    queues = new ThreadQueues({ ledger, recorder, peers: new Peers() })
  }
  const reopen = () => {
    recorder.close()
    ledger.close()
    open()
  }
  const add = (text: string, clientId = text) =>
    queues.add(threadId, { clientId, input: [{ type: 'text', text }], metadata: null, by })
  const waiting = () => queues.describe(threadId)?.prompts.map(({ text }) => text) ?? []
  /** As the gate does before it sends. */
  const remember = (row: QueuedRow, content = contentDigest(promptOf(threadId, row))) =>
    ledger.turns.remember(threadId, { requestId: row.requestId, content, input: row.input, by })

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'cs-queue-'))
    open()
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
  })

  afterEach(() => {
    recorder.close()
    ledger.close()
    rmSync(dir, { recursive: true })
  })

  it('is the same in the next daemon, with its order and its authors', () => {
    const [one, two, three] = [add('one'), add('two'), add('three')]
    queues.reorder(threadId, [three.id, one.id, two.id], by)
    queues.update(threadId, two.id, { input: [{ type: 'text', text: 'second' }], metadata: null, by: null })
    reopen()
    const prompts = queues.describe(threadId)?.prompts.map(({ id, text, by: author }) => [id, text, author])
    expect(prompts).to.deep.equal([
      [three.id, 'three', by],
      [one.id, 'one', by],
      [two.id, 'second', null],
    ])
  })

  it('submits under the client’s own id where that is the only one of its kind', () => {
    const [first, again, nameless] = [add('one', 'c'), add('two', 'c'), add('three', '')]
    expect(first.requestId).to.equal('c')
    expect([again.requestId, nameless.requestId]).to.deep.equal([again.id, nameless.id])
    expect(add('four', 'x'.repeat(201)).requestId).to.have.lengthOf(36)
  })

  it('has no more of a prompt that became a turn right before the daemon was killed', () => {
    const row = add('submitted')
    add('next')
    remember(row)
    reopen()
    expect(waiting(), 'what became of it is not known').to.deep.equal(['next'])
    ledger.turns.fulfil(threadId, row.requestId, 'turn-1')
    queues.settle(threadId)
    expect(ledger.queue.list(threadId).map(({ clientId }) => clientId)).to.deep.equal(['next'])
  })

  it('keeps a prompt whose id was used for another', () => {
    const row = add('queued', 'c')
    remember(row, 'of something else')
    ledger.turns.fulfil(threadId, 'c', 'turn-1')
    queues.settle(threadId)
    expect(waiting()).to.deep.equal(['queued'])
    expect(queues.next(threadId)?.requestId).to.equal(row.id)
  })

  it('takes nothing while the ledger cannot be written, and says so', () => {
    ledger.db.pragma('query_only = ON')
    expect(() => add('lost')).to.throw('the ledger cannot be written')
    ledger.db.pragma('query_only = OFF')
    expect(waiting()).to.deep.equal([])
  })

  it('shows the beginning of what was written, and names what is no text', () => {
    queues.add(threadId, {
      clientId: 'c',
      input: [
        { type: 'text', text: 'x'.repeat(600) },
        { type: 'localImage', path: '/x.png' },
      ],
      metadata: null,
      by,
    })
    add('see', 'd')
    expect(waiting()).to.deep.equal([`${'x'.repeat(500)}…`, 'see'])
  })
})
