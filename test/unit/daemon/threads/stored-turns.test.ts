/** What Codex has stored of a thread, brought into a real ledger. */
import { expect } from 'chai'
import type { Thread } from '../../../../src/codex/decoding/upstream-types.ts'
import type { RootTurn } from '../../../../src/codex/threads/root-turns.ts'
import { StoredTurns } from '../../../../src/daemon/threads/stored-turns.ts'
import {
  linkOf,
  openable,
  openThreadSite,
  share,
  silentLog,
  type ThreadSite,
  threadOf,
  turnOf,
} from '../../../support/sites/thread-site.ts'

describe('The stored turns of a thread', () => {
  let site: ThreadSite
  let stored: StoredTurns

  beforeEach(async () => {
    site = await openThreadSite()
    share(site, 'a', null)
    stored = storedTurns()
  })
  afterEach(() => site.close())

  const storedTurns = (crashed = false) => {
    const { recorder, notifications } = site
    return new StoredTurns({ ledger: { ...site.ledger, crashed }, recorder, notifications, log: silentLog })
  }
  const turn = (id: string, status?: string, more?: object) => turnOf(id, status, more) as unknown as RootTurn
  /** Codex took a prompt, and has passed nothing on of its turn. */
  const submit = (turnId: string) => {
    const by = { label: 'ci', kind: 'script', pid: 1 } as const
    site.ledger.turns.remember('a', { requestId: 'r1', content: '', input: [{ type: 'text', text: 'go' }], by })
    site.ledger.turns.fulfil('a', 'r1', turnId)
    site.recorder.flush()
  }
  const whole = (id: string) => [`turn/started ${id}`, `item/completed ${id}`, `turn/completed ${id}`]

  it('are recorded once, and one that runs as far as it has come', () => {
    for (let time = 0; time < 2; time += 1) stored.take('a', [turn('t1'), turn('t2', 'inProgress')])
    expect(site.recorded('a')).to.deep.equal([...whole('t1'), 'turn/started t2', 'item/completed t2'])
    expect(stored.knows('a', 't1')).to.include({ started: true, ended: true })
    expect(stored.knows('a', 't2')).to.deep.include({ started: true, ended: false })
    expect([...stored.knows('a', 't2').completedItems]).to.deep.equal(['t2-item'])
    expect(stored.knows('a', 't3')).to.include({ started: false, ended: false })
  })

  it('are read back to the newest that is known to have ended, that one included', async () => {
    stored.take('a', [turn('t1'), turn('t2')])
    const link = linkOf(
      openable(
        threadOf('a'),
        ['t1', 't2', 't3', 't4'].map((id) => turnOf(id)),
      ),
    )
    const read = await stored.read(threadOf('a') as unknown as Thread, link)
    expect(read.map(({ id }) => id)).to.deep.equal(['t2', 't3', 't4'])
  })

  const reverts: readonly (readonly [
    what: string,
    known: readonly string[],
    now: readonly string[],
    isRevert: boolean,
  ])[] = [
    ['the newest known one', ['t1', 't2'], ['t2'], false],
    ['newer ones behind the newest known', ['t1', 't2'], ['t2', 't3'], false],
    ['an earlier one alone', ['t1', 't2'], ['t1'], true],
    ['an earlier one with another behind it', ['t1', 't2'], ['t1', 't3'], true],
    ['none at all', ['t1'], [], true],
    ['none, and none is known', [], [], false],
  ]
  for (const [what, known, now, isRevert] of reverts)
    it(`that are ${what} ${isRevert ? 'show' : 'show no'} that the thread was taken back, which is recorded once`, () => {
      stored.take(
        'a',
        known.map((id) => turn(id)),
      )
      for (let time = 0; time < 2; time += 1)
        stored.takeRevert(
          'a',
          now.map((id) => turn(id)),
        )
      expect(site.recorded('a').filter((event) => event === 'thread/reverted')).to.have.length(isRevert ? 1 : 0)
    })

  it('that are behind the newest that ended well show no that the thread was taken back', () => {
    stored.take('a', [turn('t1'), turn('t2', 'failed')])
    stored.takeRevert('a', [turn('t2', 'failed')])
    expect(site.recorded('a')).not.to.include('thread/reverted')
  })

  it('that Codex took and has not passed on are unfinished, beside the one that runs', () => {
    stored.take('a', [turn('t1'), turn('t2', 'inProgress')])
    submit('t3')
    expect([...stored.unfinishedTurns('a')]).to.have.members(['t2', 't3'])
    expect([...stored.unfinishedTurns('b')]).to.deep.equal([])
  })

  it('that were lost have failed, with the reason; others are left alone', () => {
    stored.take('a', [turn('t1'), turn('t2', 'inProgress')])
    submit('t3')
    stored.endLost('a', new Set(['t1', 't2', 't9']), 'it was lost')
    site.recorder.flush()
    const last = site.ledger.events
      .page('a', 0, 100)
      .map(({ json }) => JSON.parse(json))
      .at(-1)
    expect(last).to.include({ method: 'turn/completed', turnId: 't2' })
    expect(last.params.turn).to.deep.include({ status: 'failed' })
    expect(last.params.turn.error.message).to.equal('it was lost')
    expect(site.recorded('a')).to.have.length(6)
  })

  describe('that the ledger may have lost with the power', () => {
    const link = () =>
      linkOf(openable(threadOf('a'), [turnOf('t1'), turnOf('t2', 'interrupted', { completedAt: null })]))

    it('are brought back of those that have ended, without opening the thread, and once', async () => {
      const lost = storedTurns(true)
      const first = link()
      await lost.takeLost(first, () => false)
      expect([site.recorded('a'), first.asked]).to.deep.equal([whole('t1'), ['thread/read a', 'thread/turns/list a']])
      const next = link()
      await lost.takeLost(next, () => false)
      expect(next.asked).to.deep.equal([])
    })

    it('are left to the catching up of one that is followed', async () => {
      await storedTurns(true).takeLost(link(), () => true)
      expect(site.recorded('a')).to.deep.equal([])
    })

    it('are looked for again on the next link where Codex could not be asked', async () => {
      const lost = storedTurns(true)
      await lost.takeLost(linkOf({}), () => false)
      await lost.takeLost(link(), () => false)
      expect(site.recorded('a')).to.deep.equal(whole('t1'))
    })

    it('are not looked for after a clean end', async () => {
      const one = link()
      await storedTurns().takeLost(one, () => false)
      expect(one.asked).to.deep.equal([])
    })
  })
})
