/** Taking a stock client over to the next app-server. */
import { expect } from 'chai'
import { PrivateThreads } from '../../../../src/daemon/adoption/private-threads.ts'
import { ClientThreads } from '../../../../src/daemon/codex-socket/client-threads.ts'
import { type Relinkable, relink } from '../../../../src/daemon/codex-socket/relink.ts'
import type { DaemonCore } from '../../../../src/daemon/core.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { clientRequest } from '../../../support/sites/scripted-session.ts'

describe('Linking a stock client to the next app-server', () => {
  let log: unknown[][]
  let threads: ClientThreads
  /** The run of the app-server that answers now, and the one that the client was linked to. */
  let [now, before]: (string | undefined)[] = []
  let isOver: boolean
  let privateThreads: PrivateThreads
  let hello: ReturnType<typeof clientRequest> | undefined
  /** What Codex answers to what is asked over the new link. */
  let answer: (method: string) => Promise<object>

  beforeEach(() => {
    ;[log, threads, now, before, isOver] = [[], new ClientThreads(), 'second', 'first', false]
    hello = clientRequest('initialize', { clientInfo: {} })
    privateThreads = new PrivateThreads()
    answer = async () => ({ result: {} })
  })

  const run = () => {
    privateThreads.note('a', 'joined', { author: { label: 'codex p1', kind: 'codex', pid: 7 }, threads })
    privateThreads.onTurnStarted('a', 'x')
    const client: Relinkable = {
      core: {
        gateway: { link: async () => ({ forward: async () => ({}) }) },
        supervisor: { info: { instance: now } },
        privateThreads,
        log: { info: () => {}, warn: () => log.push(['warned']) },
      } as unknown as DaemonCore,
      author: { label: 'codex p1', kind: 'codex', pid: 7 },
      ...{ threads, isOver, introduction: { hello, isAnswered: true } },
      handovers: {
        reset: () => log.push(['reset']),
        onOpened: ({ threadId }) => log.push(['opened', threadId]),
      },
      client: { send: (frame) => log.push(['send', JSON.parse(frame).method]) },
      server: {
        instance: before,
        dial: async () => void log.push(['dial']),
        ask: async (_id, method, params) => {
          log.push(['ask', method, params.threadId])
          return { ...(await answer(method)) }
        },
        send: (data) => log.push(['to Codex', JSON.parse(String(data)).method]),
      },
    }
    return relink(client, 'it ended').then(
      () => 'linked',
      (error: unknown) => (error instanceof ShareError ? error.errorName : error),
    )
  }

  const begun = [['reset'], ['dial'], ['ask', 'initialize', undefined], ['to Codex', 'initialized']]

  it('says its own initialize, resumes its threads and ends the turn that was lost', async () => {
    const thread = threads.add({ thread: { id: 'a' } }, { isNew: false })
    threads.add({ thread: { id: 'h', ephemeral: true } }, { isNew: false })
    if (thread) thread.turnId = 'x'
    expect(await run()).to.equal('linked')
    expect(log).to.deep.equal([
      ...begun,
      ...[
        ['ask', 'thread/resume', 'a'],
        ['opened', 'a'],
      ],
      ...[
        ['send', 'turn/completed'],
        ['send', 'thread/status/changed'],
      ],
    ])
    expect([thread?.turnId, threads.get('h')]).to.deep.equal([null, undefined])
    expect(privateThreads.turnIn('a')).to.equal(null)
  })

  it('goes on without a thread that is not resumed', async () => {
    threads.add({ thread: { id: 'a' } }, { isNew: false })
    answer = async () => ({ error: {} })
    expect(await run()).to.equal('linked')
    expect(log.slice(begun.length)).to.deep.equal([['ask', 'thread/resume', 'a'], ['warned']])
  })

  it('only opens the link for one that has said nothing yet', async () => {
    hello = undefined
    expect([await run(), log]).to.deep.equal(['linked', [['reset'], ['dial']]])
  })

  it('tries the next one where the new app-server ends as well', async () => {
    let tries = 0
    answer = async () => {
      tries += 1
      if (tries === 1) throw new ShareError('connectionLost', 'gone')
      return { result: {} }
    }
    expect([await run(), log.filter(([what]) => what === 'dial').length]).to.deep.equal(['linked', 2])
  })

  it('lets a client go that the running app-server has cut off', async () => {
    now = before
    expect([await run(), log]).to.deep.equal(['unavailable', []])
  })

  it('does nothing for a client that has left', async () => {
    isOver = true
    expect([await run(), log]).to.deep.equal(['linked', []])
  })
})
