/** `thread/queue/*` of a shared thread: held by the daemon, with its authors, and submitted through its gate. */
import { type ChildProcess, execFile } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import type { ShareEvent } from '../../../src/protocol/events.ts'
import type { SharedThread } from '../../../src/protocol/methods.ts'
import { connectStockPeer, type StockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { endProcess } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

interface Queued {
  readonly id: string
  readonly clientUserMessageId: string
}

describeSite('the queue of a shared thread', { daemon: false, timeoutMs: 90_000 }, (site) => {
  let daemon: ChildProcess
  let ann: TestPeer
  let threadId: string

  before(async () => {
    daemon = await site.startDaemon()
  })

  beforeEach(async () => {
    ann = await site.connect({ label: 'ann' })
    threadId = await ann.startThread()
    await ann.follow(threadId, 0)
  })

  afterEach(() => ann.close())

  const codexSocket = () => join(site.runtimeDir, 'codex.sock')
  const textInput = (text: string) => [{ type: 'text', text, text_elements: [] }]
  const add = async (peer: TestPeer, text: string, clientUserMessageId = `id of ${text}`) => {
    const answer = await peer.call('thread/queue/add', { threadId, input: textInput(text), clientUserMessageId })
    return answer.queuedSubmission as Queued
  }
  const waiting = async (peer = ann) => {
    const { data } = await peer.call('thread/queue/list', { threadId })
    return (data as { input: { text: string }[] }[]).map(({ input }) => input[0]?.text)
  }
  /** Prompts that ran, with whose they were. */
  const ran = (events: readonly ShareEvent[]) =>
    events.flatMap(({ method, params, by }) => {
      const { type, content } = (params.item ?? {}) as { type?: string; content?: { text: string }[] }
      return method === 'item/completed' && type === 'userMessage' ? [`${by?.label}: ${content?.[0]?.text}`] : []
    })
  const ends = (events: readonly ShareEvent[]) => events.filter(({ method }) => method === 'turn/completed').length
  /** A turn that runs until the model is let go on. */
  const hold = async (name: string) => {
    const { turn } = await ann.submit(threadId, `hold ${name}`)
    const isOfIt = (event: ShareEvent) => event.turnId === turn.id && event.method === 'item/agentMessage/delta'
    await eventually('it runs', () => ann.events.some(isOfIt))
    return turn.id
  }
  const listed = async (): Promise<SharedThread | undefined> => {
    const { threads } = await ann.call('share/list', {})
    return (threads as SharedThread[]).find((thread) => thread.threadId === threadId)
  }
  const codexQueue = async (...args: string[]) => {
    const codex = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: site.dir })
    const env = { ...site.env, ...codex.env }
    return promisify(execFile)(codex.path, [...codex.args, 'queue', '--thread', threadId, ...args], {
      env,
      cwd: site.dir,
    })
  }

  it('takes what the stock `codex queue` sends, and runs it with its author once the turn has ended', async () => {
    const turnId = await hold('stock')
    const { stdout } = await codexQueue('--message', 'from codex queue', '--remote', `unix://${codexSocket()}`)
    const { queue } = (await listed()) ?? {}
    const [prompt] = queue?.prompts ?? []
    expect(stdout).to.equal(`Queued message ${prompt?.id} for thread ${threadId}.\n`)
    expect(prompt).to.deep.include({ text: 'from codex queue' })
    expect(prompt?.by?.label).to.match(/^codex-tui p\d+$/)
    expect(queue?.heldBack).to.equal(null)
    site.model.release('stock')
    await ann.turnEnd(turnId)
    await eventually('it has run', () => ends(ann.events) === 2)
    expect(ran(ann.events)).to.deep.equal(['ann: hold stock', `${prompt?.by?.label}: from codex queue`])
    const started = ann.events.filter(({ method }) => method === 'turn/started').at(-1)
    expect(started?.by).to.deep.equal(prompt?.by)
    expect((await listed())?.queue).to.equal(undefined)
  })

  it('runs what is queued at once when the thread is free, and in order when it is not', async () => {
    const bob = await site.connect({ label: 'bob' })
    const [first] = [await add(bob, 'hold first')]
    expect(first.clientUserMessageId).to.equal('id of hold first')
    await eventually('it runs', () => ran(ann.events).length === 1)
    for (const peer of [ann, bob]) for (const text of ['one', 'two']) await add(peer, text)
    const ids = ((await ann.call('thread/queue/list', { threadId })).data as Queued[]).map(({ id }) => id)
    const [one = '', two = '', three = '', four = ''] = ids
    await ann.call('thread/queue/reorder', { threadId, queuedSubmissionIds: [four, two, one, three] })
    site.model.release('first')
    await eventually('all have run', () => ends(ann.events) === 5)
    expect(ran(ann.events)).to.deep.equal(['bob: hold first', 'bob: two', 'ann: two', 'ann: one', 'bob: one'])
    expect(await waiting()).to.deep.equal([])
  })

  it('is the same for a stock client as Codex’s own', async () => {
    const stock = await connectStockPeer(codexSocket())
    const before = (await stock.call('thread/resume', { threadId, excludeTurns: true })).result
    expect(before).to.be.an('object')
    await hold('same')
    const call = (method: string, more: object) => stock.call(`thread/queue/${method}`, { threadId, ...more })
    const added = await call('add', {
      input: textInput('x'),
      clientUserMessageId: 'c1',
      responsesapiClientMetadata: { k: 'v' },
    })
    const { queuedSubmission } = added.result as { queuedSubmission: Queued }
    const { id } = queuedSubmission
    const whole = { id, input: textInput('x'), clientUserMessageId: 'c1', responsesapiClientMetadata: { k: 'v' } }
    expect(queuedSubmission).to.deep.equal(whole)
    await stock.told('thread/queue/changed', { threadId })
    const edited = { ...whole, input: textInput('y') }
    const update = await call('update', { queuedSubmissionId: id, input: textInput('y') })
    expect(update.result).to.deep.equal({ queuedSubmission: edited })
    await call('add', { input: textInput('z'), clientUserMessageId: 'c1' })
    expect((await call('list', { limit: 1 })).result).to.deep.equal({ data: [edited], nextCursor: '1' })
    expect((await call('list', { cursor: '1' })).result).to.deep.include({ nextCursor: null })
    const refusals = [
      await call('update', { queuedSubmissionId: 'none', input: textInput('y') }),
      await call('reorder', { queuedSubmissionIds: [id] }),
      await call('start', {}),
      await call('add', { input: [], clientUserMessageId: 'c2' }),
    ]
    const errors = refusals.map(({ error }) => error as { code: number; message: string })
    expect(errors.map(({ code }) => code)).to.deep.equal([-32600, -32600, -32600, -32600])
    expect(errors[0]?.message).to.equal('queued submission not found: none')
    expect(errors[1]?.message).to.equal('queue reorder must include every queued submission exactly once')
    expect((await call('delete', { queuedSubmissionId: 'none' })).result).to.deep.equal({ deleted: false })
    expect((await call('delete', { queuedSubmissionId: id })).result).to.deep.equal({ deleted: true })
    expect(await waiting()).to.deep.equal(['z'])
    site.model.release('same')
    await eventually('the rest has run', () => ends(ann.events) === 2)
    stock.close()
  })

  it('holds back after an interruption, as Codex does, until it is started', async () => {
    const turnId = await hold('back')
    await add(ann, 'later')
    await add(ann, 'latest')
    await ann.call('turn/interrupt', { threadId, turnId })
    expect(await ann.turnEnd(turnId)).to.equal('interrupted')
    await add(ann, 'after that')
    expect((await listed())?.queue?.heldBack).to.equal('the last turn was interrupted')
    const stock = await connectStockPeer(codexSocket())
    const started = turnIdIn(await stock.call('thread/queue/start', { threadId }))
    expect(await ann.turnEnd(started)).to.equal('completed')
    await eventually('the rest has run', () => ends(ann.events) === 4)
    expect(ran(ann.events).slice(1)).to.deep.equal(['ann: later', 'ann: latest', 'ann: after that'])
    stock.close()
  })

  it('goes on after a turn that failed', async () => {
    await hold('failing')
    await add(ann, 'fail')
    await add(ann, 'then')
    site.model.release('failing')
    await eventually('both have run', () => ends(ann.events) === 3)
    expect(ran(ann.events).slice(1)).to.deep.equal(['ann: fail', 'ann: then'])
  })

  it('takes nothing into a thread that is archived, and says so', async () => {
    await ann.turnEnd((await ann.submit(threadId, 'something')).turn.id)
    await ann.call('thread/archive', { threadId })
    const refused = await add(ann, 'too late').catch((error: unknown) => error)
    expect(refused).to.deep.include({ errorName: 'notFound', message: `thread ${threadId} is archived` })
  })

  it('takes nothing as soon as archiving is answered, although Codex tells of that later, which is recorded', async () => {
    const archive = async () => {
      const threadId = await ann.startThread()
      await ann.follow(threadId)
      await ann.turnEnd((await ann.submit(threadId, 'something')).turn.id)
      await ann.call('thread/archive', { threadId })
      const prompt = { threadId, input: textInput('too late'), clientUserMessageId: 'late' }
      const refused = await ann.call('thread/queue/add', prompt).catch((error: unknown) => error)
      expect(refused).to.deep.include({ errorName: 'notFound', message: `thread ${threadId} is archived` })
      return threadId
    }
    // Several at once: one alone is told of in time.
    const archived = await Promise.all(Array.from({ length: 12 }, archive))
    const told = () => new Set(ann.events.filter(({ method }) => method === 'thread/archived').map((e) => e.threadId))
    await eventually('each is told of', () => archived.every((threadId) => told().has(threadId)))
  })

  it('goes with a thread whose sharing is stopped', async () => {
    const turnId = await hold('stopping')
    await add(ann, 'never')
    await ann.call('turn/interrupt', { threadId, turnId })
    await ann.turnEnd(turnId)
    expect(await ann.call('share/close', { threadId })).to.deep.equal({ unsent: 1 })
  })

  it('is forgotten where it holds the text', async () => {
    const turnId = await hold('secret')
    await add(ann, 'the password is swordfish')
    await add(ann, 'another')
    await ann.call('turn/interrupt', { threadId, turnId })
    await ann.turnEnd(turnId)
    await ann.call('share/forget', { threadId, match: 'swordfish' })
    expect(await waiting()).to.deep.equal(['another'])
  })

  it('tells those who follow the thread what waits, and by whom', async () => {
    await hold('telling')
    await add(ann, 'shown')
    const told = ann.told.filter(({ method }) => method === 'share/queue').map(({ params }) => params)
    const [queue] = told as { prompts: { text: string; by: { label: string } }[] }[]
    expect(queue?.prompts.map(({ text, by }) => `${by.label}: ${text}`)).to.deep.equal(['ann: shown'])
    site.model.release('telling')
    await eventually('it has run', () => ends(ann.events) === 2)
    const last = ann.told.filter(({ method }) => method === 'share/queue').at(-1)
    expect(last?.params).to.deep.equal({ threadId, prompts: [], heldBack: null })
    const changes = ann.events.filter(({ method }) => method === 'thread/queue/changed')
    expect(changes.map(({ by }) => by?.label)).to.deep.equal(['ann', 'ann'])
  })

  describe('that Codex has itself', () => {
    let direct: StockPeer

    beforeEach(async () => {
      direct = await connectStockPeer(join(site.runtimeDir, 'app-server.sock'))
    })

    afterEach(() => direct.close())

    it('is taken over while a turn runs, so that Codex does not drain it', async () => {
      const turnId = await hold('past')
      await codexQueue('--message', 'past the daemon')
      await eventually('it is taken over', async () => (await waiting()).includes('past the daemon'))
      expect((await direct.call('thread/queue/list', { threadId })).result).to.deep.include({ data: [] })
      site.model.release('past')
      await ann.turnEnd(turnId)
      await eventually('it has run', () => ends(ann.events) === 2)
      expect(ran(ann.events)[1]).to.equal('codex queue: past the daemon')
    })

    it('is taken over when the thread is shared for the first time', async () => {
      const stock = await connectStockPeer(join(site.runtimeDir, 'app-server.sock'))
      const own = await stock.startThread()
      const turnId = turnIdIn(await stock.prompt(own, 'hold own'))
      await stock.told('item/agentMessage/delta', { turnId })
      for (const text of ['first', 'second'])
        await stock.call('thread/queue/add', { threadId: own, input: textInput(text), clientUserMessageId: text })
      await stock.call('turn/interrupt', { threadId: own, turnId })
      await stock.told('turn/completed', { threadId: own })
      await ann.call('share/open', { threadId: own })
      await ann.follow(own, 0)
      expect((await stock.call('thread/queue/list', { threadId: own })).result).to.deep.include({ data: [] })
      await ann.call('thread/queue/start', { threadId: own })
      const ofOwn = () => ann.events.filter((event) => event.threadId === own)
      await eventually('both have run', () => ends(ofOwn()) === 3)
      expect(ran(ofOwn()).slice(1)).to.deep.equal(['codex queue: first', 'codex queue: second'])
      stock.close()
    })
  })

  describe('over a kill -9 of the daemon', () => {
    const comeBack = async () => {
      daemon = await site.startDaemon()
      ann = await site.connect({ label: 'ann' })
      await ann.follow(threadId, 0)
    }

    it('is there again, and runs once', async () => {
      await hold('killed')
      for (const text of ['one', 'two', 'three']) await add(ann, text)
      await endProcess(daemon)
      site.model.release('killed')
      await comeBack()
      await eventually('all have run', () => ends(ann.events) === 4)
      expect(ran(ann.events)).to.deep.equal(['ann: hold killed', 'ann: one', 'ann: two', 'ann: three'])
      expect(await waiting()).to.deep.equal([])
    })

    it('at the moment when it was taken runs it once', async () => {
      await add(ann, 'only once')
      daemon.kill('SIGKILL')
      await once(daemon, 'exit')
      await comeBack()
      await eventually('it has run', () => ends(ann.events) === 1)
      expect(await waiting()).to.deep.equal([])
      await ann.turnEnd((await ann.submit(threadId, 'next')).turn.id)
      expect(ran(ann.events)).to.deep.equal(['ann: only once', 'ann: next'])
    })

    it('between sending a prompt and hearing that it arrived does not run it again', async () => {
      await ann.turnEnd((await ann.submit(threadId, 'before')).turn.id)
      const appServer = await site.appServerPid()
      process.kill(appServer, 'SIGSTOP')
      await add(ann, 'sent')
      await eventually('it is sent', async () => (await listed())?.turn?.by?.label === 'ann')
      daemon.kill('SIGKILL')
      await once(daemon, 'exit')
      process.kill(appServer, 'SIGCONT')
      await comeBack()
      await eventually('it has run', () => ends(ann.events) === 2)
      await ann.turnEnd((await ann.submit(threadId, 'after')).turn.id)
      expect(ran(ann.events)).to.deep.equal(['ann: before', 'ann: sent', 'ann: after'])
    })

    it('right after a submit does not run it again', async () => {
      await hold('before')
      await add(ann, 'hold submitted')
      await add(ann, 'after')
      site.model.release('before')
      // As soon as Codex is heard to have it.
      await eventually('it was submitted', () => ran(ann.events).length === 2)
      daemon.kill('SIGKILL')
      await once(daemon, 'exit')
      await comeBack()
      expect(await waiting()).to.deep.equal(['after'])
      site.model.release('submitted')
      await eventually('all have run', () => ends(ann.events) === 3)
      expect(ran(ann.events)).to.deep.equal(['ann: hold before', 'ann: hold submitted', 'ann: after'])
    })
  })
})
