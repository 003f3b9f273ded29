/** What is asked of an app-server about its threads, with its answers by hand. */
import { expect } from 'chai'
import { decodeNotification } from '../../../../src/codex/decoding/decode-notification.ts'
import type { Turn } from '../../../../src/codex/decoding/upstream-types.ts'
import type { AppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import { UpstreamError } from '../../../../src/codex/link/upstream-error.ts'
import { hasActiveThread } from '../../../../src/codex/threads/active-threads.ts'
import { followSubAgents, isSubAgent, ofOwnTurn, ownTurn } from '../../../../src/codex/threads/sub-agents.ts'
import { turnsOfThread, turnsSince } from '../../../../src/codex/threads/thread-history.ts'
import { holderOf } from '../../../../src/codex/threads/thread-holder.ts'
import { thisSystem } from '../../../../src/platform/system/this-system.ts'

type Params = Record<string, unknown>

/** A link on which each method has its answer, and what was asked on it. */
function scriptedLink(answers: Record<string, (params: Params) => unknown>) {
  const asked: [string, Params][] = []
  const request = async (method: string, params: Params) => {
    asked.push([method, params])
    return answers[method]?.(params)
  }
  return { link: { request } as unknown as AppServerLink, asked }
}

const turn = (id: string, more: object = {}) =>
  ({ id, items: [], status: 'completed', startedAt: 1, ...more }) as unknown as Turn
const notStored = () => {
  throw new UpstreamError({ code: -32600, message: 'thread t is not materialized yet' })
}

describe('The history of a thread', () => {
  /** Pages of one turn each, in the order that was asked for. */
  const history = (turns: readonly Turn[]) =>
    scriptedLink({
      'thread/turns/list': ({ cursor, sortDirection }) => {
        const sorted = sortDirection === 'asc' ? turns : turns.toReversed()
        const index = Number(cursor ?? 0)
        return { data: sorted.slice(index, index + 1), nextCursor: index + 1 < turns.length ? String(index + 1) : null }
      },
    })
  const all = async (link: AppServerLink) => {
    const turns: Turn[] = []
    for await (const each of turnsOfThread(link, 't')) turns.push(each)
    return turns
  }
  const idsOf = (turns: readonly Turn[]) => turns.map(({ id }) => id)

  it('comes page by page, the oldest turn first', async () => {
    const { link, asked } = history([turn('1'), turn('2'), turn('3')])
    expect(idsOf(await all(link))).to.deep.equal(['1', '2', '3'])
    expect(asked.map(([, { cursor }]) => cursor)).to.deep.equal([null, '1', '2'])
  })

  it('is read back to a turn that is known, and no further', async () => {
    const { link, asked } = history([turn('1'), turn('2'), turn('3')])
    expect(idsOf(await turnsSince(link, 't', ({ id }) => id === '2'))).to.deep.equal(['2', '3'])
    // A turn is whole once the one before it has come.
    expect(asked).to.have.length(3)
  })

  it('has the turns of a sub-agent as turns of their own', async () => {
    const { link } = history([turn('1', { rootTurnId: 'other' })])
    expect(await turnsSince(link, 't', () => true, { ofSubAgent: true })).to.deep.include.members([
      turn('1', { rootTurnId: '1' }),
    ])
  })

  it('is empty where nothing was said yet, and fails for any other reason', async () => {
    const { link } = scriptedLink({ 'thread/turns/list': notStored })
    expect(await all(link)).to.deep.equal([])
    const broken = scriptedLink({
      'thread/turns/list': () => {
        throw new UpstreamError({ code: -32600, message: 'thread not loaded: t' })
      },
    })
    const failed = await turnsSince(broken.link, 't', () => false).catch((error: Error) => error.message)
    expect(failed).to.equal('thread not loaded: t')
  })
})

describe('An app-server', () => {
  const withThreads = (types: readonly string[]) =>
    scriptedLink({
      'thread/loaded/list': () => ({ data: types }),
      'thread/read': ({ threadId }) => {
        if (threadId === 'gone') throw new Error('unloaded meanwhile')
        return { thread: { status: { type: threadId } } }
      },
    }).link

  it('is at work where one of its threads is active', async () => {
    const cases = [[], ['idle', 'gone'], ['idle', 'active', 'gone']]
    expect(await Promise.all(cases.map((types) => hasActiveThread(withThreads(types))))).to.deep.equal([
      ...[false, false, true],
    ])
  })
})

describe('A sub-agent', () => {
  it('has a parent, and its turns are its own', () => {
    expect([{ parentThreadId: 'p' }, { parentThreadId: null }].map(isSubAgent)).to.deep.equal([true, false])
    expect(ownTurn(turn('1', { rootTurnId: 'other' })).rootTurnId).to.equal('1')
    const [started, warning] = [
      decodeNotification('turn/started', { threadId: 't', turn: turn('1', { rootTurnId: 'other' }) }, 0),
      decodeNotification('warning', { threadId: 't', message: 'x' }, 0),
    ]
    expect(started.turnId).to.equal('other')
    expect(ofOwnTurn(started)).to.deep.include({ turnId: '1' }).and.have.nested.property('effect.turnId', '1')
    expect(ofOwnTurn(warning)).to.equal(warning)
  })

  it('is followed by a link that comes later, where it works', async () => {
    const data = ['active', 'idle'].map((type) => ({ id: `sub-${type}`, status: { type } }))
    const { link, asked } = scriptedLink({ 'thread/list': () => ({ data }), 'thread/resume': () => ({}) })
    await followSubAgents(link, 't')
    expect(asked.slice(1)).to.deep.equal([['thread/resume', { threadId: 'sub-active', excludeTurns: true }]])
  })
})

describe('The holder of a thread', () => {
  it('is the process that has its file open, with a readable command', async () => {
    const system = (command: string | undefined) => ({
      ...thisSystem,
      processWithFile: async () => (command === undefined ? undefined : { pid: 7, command }),
    })
    expect(await holderOf('t', system('codex'))).to.deep.equal({ pid: 7, command: 'codex' })
    expect((await holderOf('t', system('x'.repeat(500))))?.command).to.have.length(120)
    expect(await holderOf('t', system(undefined))).to.equal(undefined)
  })
})
