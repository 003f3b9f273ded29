/** On which link a prompt is sent, and how often; all else about submitting is tested on the real app-server. */
import { expect } from 'chai'
import type { AppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import type { Supervisor } from '../../../../src/codex/supervision/app-server-supervisor.ts'
import type { ThreadRouter } from '../../../../src/codex/supervision/thread-router.ts'
import { CodexGateway } from '../../../../src/daemon/codex-link/codex-gateway.ts'
import { Gate } from '../../../../src/daemon/gate/gate.ts'
import type { GateDeps } from '../../../../src/daemon/gate/gate-deps.ts'
import { resultOf } from '../../../../src/daemon/gate/outcome.ts'
import { TurnSlots } from '../../../../src/daemon/slots/turn-slots.ts'
import { ThreadDirectory, type ThreadDirectoryDeps } from '../../../../src/daemon/threads/thread-directory.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

const threadId = 'a'

describe('Submitting a prompt', () => {
  let steps: string[]
  let slots: TurnSlots
  /** The links there are, one after the other; each one's end is the beginning of the next. */
  let links: AppServerLink[]
  /** What happens once the thread was caught up with. */
  let onCaughtUp: () => void
  let caughtUpOn: AppServerLink | undefined

  beforeEach(() => {
    ;[steps, links, caughtUpOn] = [[], [], undefined]
    slots = new TurnSlots()
    onCaughtUp = () => {}
  })

  const linkTo = (name: string, forward: () => Promise<unknown> = async () => ({ turn: { id: 't1' } })) => {
    const sent = (method: string) => {
      steps.push(`${method} on ${name}`)
      return forward()
    }
    return { name, forward: sent } as unknown as AppServerLink
  }
  const replaced = () => links.shift()
  const gate = () => {
    const supervisor = {
      hindrance: null,
      get link() {
        return links[0]
      },
    }
    const router = { route: (link: AppServerLink) => link, takeBack: async () => {} } as unknown as ThreadRouter
    const gateway = new CodexGateway(router)
    gateway.start(supervisor as unknown as Supervisor)
    const threadSync = {
      attach: async (_threadId: string, link: AppServerLink & { name?: string }) => {
        if (caughtUpOn !== link) steps.push(`caught up on ${link.name}`)
        caughtUpOn = link
        onCaughtUp()
        return { name: null, cwd: '/' }
      },
      isCaughtUp: () => true,
      isFollowed: () => caughtUpOn !== undefined,
    }
    const ledger = {
      events: { head: () => 0 },
      threads: { get: () => ({ closedMs: null }) },
    }
    const recorder = { requireWritable: () => {} }
    const finder = { isShared: () => true }
    const deps = { threadSync, gateway, ledger, recorder, finder }
    const directory = new ThreadDirectory(deps as unknown as ThreadDirectoryDeps)
    return new Gate({
      ...{ gateway, directory, threadSync, slots, ledger, recorder, timeoutMs: 1000 },
      requests: { find: () => undefined, remember: () => {}, fulfil: () => null, forget: () => {} },
      threadSettings: { loosening: () => [], expect: () => {} },
    } as unknown as GateDeps)
  }
  const submitter = {
    author: { label: 'ci', kind: 'script', pid: 1 },
    identity: { kind: 'own', pid: 1 } as never,
  } as const
  const params = { threadId, input: [{ type: 'text', text: 'hi' }] }

  it('sends nothing to a new app-server before the thread is caught up with there', async () => {
    links = [linkTo('the former'), linkTo('the next')]
    onCaughtUp = () => {
      if (links.length > 1) replaced()
    }
    expect(resultOf(await gate().submit(params, submitter)).turn.id).to.equal('t1')
    expect(steps).to.deep.equal(['caught up on the former', 'caught up on the next', 'turn/start on the next'])
  })

  it('sends it to the next app-server where the link had ended before anything went over it', async () => {
    const ended = () => {
      replaced()
      return Promise.reject(new ShareError('connectionLost', 'the link ended', { facts: { sent: false } }))
    }
    links = [linkTo('the former', ended), linkTo('the next')]
    expect(resultOf(await gate().submit(params, submitter)).turn.id).to.equal('t1')
    expect(steps.slice(1)).to.deep.equal([
      ...['turn/start on the former', 'caught up on the next', 'turn/start on the next'],
    ])
  })

  it('sends one with the same request id once, also where two come at the same moment', async () => {
    links = [linkTo('Codex')]
    const one = gate()
    const asked = { ...params, clientUserMessageId: 'once' }
    const told = await Promise.all([one.submit(asked, submitter), one.submit(asked, submitter)])
    expect(told.map(resultOf).map(({ turn, share }) => [turn.id, share.duplicate])).to.deep.equal([
      ['t1', false],
      ['t1', true],
    ])
    expect(steps.filter((step) => step.startsWith('turn/start'))).to.have.length(1)
  })

  it('is not refused for a turn whose end nobody would hear', async () => {
    links = [linkTo('Codex')]
    slots.onTurnStarted(threadId, 't0', 1)
    onCaughtUp = () => slots.onTurnEnded(threadId, 't0')
    const one = gate()
    expect(resultOf(await one.submit(params, submitter)).turn.id).to.equal('t1')
    const { is } = await one.submit(params, submitter)
    expect(is).to.equal('busy')
  })
})
