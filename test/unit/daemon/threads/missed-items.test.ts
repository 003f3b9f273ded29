/** Which items have a hole where the daemon could not hear Codex, on a real ledger. */
import { expect } from 'chai'
import { pino } from 'pino'
import { decodeNotification } from '../../../../src/codex/decoding/decode-notification.ts'
import { Recorder } from '../../../../src/daemon/publishing/recorder.ts'
import { MissedItems } from '../../../../src/daemon/threads/missed-items.ts'
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'

const threadId = 'a'

describe('The items that were missed', () => {
  let scratch: Scratch
  let ledger: Ledger
  let recorder: Recorder
  let items: MissedItems

  beforeEach(() => {
    scratch = makeScratch()
    ledger = openLedger(`${scratch.dir}/ledger.db`)
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
    recorder = new Recorder({
      ledger,
      log: pino({ level: 'silent' }),
      publish: () => {},
      onMissed: () => {},
    })
    items = new MissedItems({ ledger, recorder })
  })

  afterEach(() => {
    recorder.close()
    ledger.close()
    scratch.remove()
  })

  /** A notification as the keeper takes it. */
  function take(method: string, more: object): void {
    const notification = decodeNotification(method, { threadId, turnId: 't1', ...more }, 1)
    items.before(threadId, notification)
    const { turnId, itemId, params } = notification
    recorder.add({ threadId, turnId, itemId, atMs: 1, method, params, by: null })
  }

  const start = (id: string) => take('item/started', { item: { id, type: 'agentMessage' } })
  const grow = (itemId: string) => take('item/agentMessage/delta', { itemId, delta: 'x' })
  const complete = (id: string) => take('item/completed', { item: { id, type: 'agentMessage' } })
  const startTurn = () => take('turn/started', { turn: { id: 't1' } })
  const endTurn = (completedAt: number | null) =>
    take('turn/completed', { turn: { id: 't1', status: 'interrupted', completedAt } })

  /** What the ledger has, in short, from the first item on. */
  function recorded(): string[] {
    recorder.flush()
    const events = ledger.events.page(threadId, 0, 100).map(({ json }) => JSON.parse(json))
    const short = events.map(({ method, params }) => {
      if (method === 'share/missed') return `missed ${params.itemIds}`
      return `${method.split('/').at(-1)} ${params.itemId ?? params.item?.id ?? ''}`.trim()
    })
    return short.slice(1)
  }

  it('are none while all is heard', () => {
    startTurn()
    for (const what of [start, grow, complete]) what('i')
    start('j')
    grow('j')
    endTurn(2)
    expect(recorded()).to.deep.equal(['started i', 'completed i', 'started j', 'delta j', 'completed'])
  })

  it('are none of a command that runs on when its turn has ended', () => {
    startTurn()
    take('item/started', { item: { id: 'i', type: 'commandExecution' } })
    endTurn(2)
    take('item/commandExecution/outputDelta', { itemId: 'i', delta: 'x' })
    expect(recorded()).to.deep.equal(['started i', 'completed', 'outputDelta i'])
  })

  it('are said once, before the next that comes of one whose beginning was not heard', () => {
    startTurn()
    for (const what of [grow, grow]) what('i')
    expect(recorded()).to.deep.equal(['missed i', 'delta i', 'delta i'])
  })

  it('are those that are open when the daemon has caught up, whatever comes of them later', () => {
    startTurn()
    start('i')
    complete('i')
    start('j')
    grow('j')
    items.onSilence(threadId)
    items.onCaughtUp(threadId, 't1')
    items.onCaughtUp(threadId, 't1')
    grow('j')
    endTurn(2)
    expect(recorded().slice(2)).to.deep.equal(['started j', 'delta j', 'missed j', 'delta j', 'completed'])
  })

  it('are not said again by the next daemon as long as nothing came behind the hole', () => {
    startTurn()
    start('i')
    items.onSilence(threadId)
    items.onCaughtUp(threadId, 't1')
    items = new MissedItems({ ledger, recorder })
    items.onCaughtUp(threadId, 't1')
    grow('i')
    items = new MissedItems({ ledger, recorder })
    items.onCaughtUp(threadId, 't1')
    expect(recorded()).to.deep.equal(['started i', 'missed i', 'delta i', 'missed i'])
  })

  for (const [what, completedAt, hole] of [
    ['are also those that a turn left open which ended unheard', 2, ['missed i']],
    ['are not those of a turn that Codex did not survive', null, []],
  ] as const)
    it(what, () => {
      startTurn()
      start('i')
      recorder.flush()
      items.onSilence(threadId)
      endTurn(completedAt)
      expect(recorded()).to.deep.equal(['started i', ...hole, 'completed'])
    })
})
