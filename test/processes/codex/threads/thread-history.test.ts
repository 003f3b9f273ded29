/** What is read back of a thread tells the story that its followers saw live. */
import { expect } from 'chai'
import type { UpstreamNotification } from '../../../../src/codex/decoding/decode-notification.ts'
import type { Turn } from '../../../../src/codex/decoding/upstream-types.ts'
import { type AppServerLink, openAppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import { startAppServer } from '../../../../src/codex/process/app-server-process.ts'
import { eventsOfTurn } from '../../../../src/codex/threads/events-of-turn.ts'
import { turnsOfThread, turnsSince } from '../../../../src/codex/threads/thread-history.ts'
import { type CodexLab, client, openLab, textInput } from '../../../fixtures/codex-lab.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('history of a thread', function () {
  this.timeout(30_000)
  let lab: CodexLab
  let link: AppServerLink
  let live: UpstreamNotification[] = []

  const turnsAll = async (threadId: string) => {
    const turns: Turn[] = []
    for await (const turn of turnsOfThread(link, threadId)) turns.push(turn)
    return turns
  }
  const startThread = async () => {
    const { thread } = await link.request('thread/start', { cwd: lab.folder })
    return thread.id
  }
  const submit = async (threadId: string, text: string) => {
    live = []
    await link.request('turn/start', { threadId, input: textInput(text), clientUserMessageId: `id of ${text}` })
  }
  const runTurn = async (threadId: string, text: string) => {
    await submit(threadId, text)
    await eventually('the end of the turn', () => live.some(({ method }) => method === 'turn/completed'))
  }

  before(async () => {
    lab = await openLab()
    await startAppServer({ ...lab.place, codex: lab.codex, version: '0' })
    link = await openAppServerLink({
      ...lab.place,
      client,
      onNotification: (notification) => live.push(notification),
      onRequest: () => {},
    })
  })
  after(async () => {
    link?.close()
    await lab.close()
  })
  beforeEach(() => {
    live = []
  })

  it('is empty for a thread in which nothing was said', async () => {
    expect(await turnsAll(await startThread())).to.deep.equal([])
  })

  it('tells a turn as it was seen live: same methods, same order, same parameters', async () => {
    const threadId = await startThread()
    await runTurn(threadId, 'run echo hello')
    const [turn] = await turnsAll(threadId)
    if (!turn) throw new Error('no turn')
    const told = eventsOfTurn(threadId, turn).map(({ method, params }) => ({ method, params }))
    const seen = live
      .filter(({ method }) => ['turn/started', 'item/completed', 'turn/completed'].includes(method))
      .map(({ method, params }) => ({ method, params }))
    expect(told).to.deep.equal(seen)
  })

  it('tells the time of each event as close as it is stored, and never backwards', async () => {
    const threadId = await startThread()
    await runTurn(threadId, 'say one')
    const [turn] = await turnsAll(threadId)
    if (!turn) throw new Error('no turn')
    const told = eventsOfTurn(threadId, turn)
    const seen = live.filter(({ method }) => told.some((event) => event.method === method))
    const apart = told.map(({ emittedAtMs }, index) => Math.abs(emittedAtMs - (seen[index]?.emittedAtMs ?? 0)))
    expect(Math.max(...apart)).to.be.below(3_000)
    const times = told.map(({ emittedAtMs }) => emittedAtMs)
    expect(times).to.deep.equal(times.toSorted((a, b) => a - b))
  })

  it('tells of a running turn what came to its end, and not that it ended', async () => {
    const threadId = await startThread()
    await submit(threadId, 'hold')
    await eventually('the first words', () => live.filter(({ method }) => method === 'item/completed').length === 2)
    const [turn] = await turnsAll(threadId)
    if (!turn) throw new Error('no turn')
    const told = eventsOfTurn(threadId, turn).map(({ method, itemId }) => [method, itemId])
    const ids = live.flatMap(({ method, params }) => (method === 'item/completed' ? [Object(params.item).id] : []))
    expect(told).to.deep.equal([['turn/started', null], ...ids.map((id) => ['item/completed', id])])
    lab.model.release('hold')
    await eventually('the end of the turn', () => live.some(({ method }) => method === 'turn/completed'))
  })

  it('is paged through to its end, and backwards only as far as is known', async () => {
    const threadId = await startThread()
    for (let index = 0; index < 12; index += 1) await runTurn(threadId, `say ${index}`)
    const turns = await turnsAll(threadId)
    const ids = turns.map(({ id }) => id)
    expect(new Set(ids).size).to.equal(12)
    const since = async (known: string | undefined) =>
      (await turnsSince(link, threadId, ({ id }) => id === known)).map(({ id }) => id)
    expect(await since(ids[9])).to.deep.equal(ids.slice(9))
    expect(await since(ids[0])).to.deep.equal(ids)
    expect(await since('unknown')).to.deep.equal(ids)
  })
})
