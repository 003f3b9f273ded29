/** For which shared thread a sub-agent works. */
import { expect } from 'chai'
import { pino } from 'pino'
import { worksFor } from '../../../../src/daemon/approvals/works-for.ts'

/** Threads by their parents; `shared` is shared, and runs a turn. */
const parents: Readonly<Record<string, string | null>> = { child: 'shared', grandchild: 'child', stranger: null }

describe('The thread that a sub-agent works for', () => {
  const deps = {
    finder: { isShared: (threadId: string) => threadId === 'shared' },
    slots: { active: () => ({ turnId: 'turn-1' }) },
    gateway: {
      onAnyLink: (ask: (link: object) => unknown) =>
        ask({
          request: async (_method: string, { threadId }: { threadId: string }) => {
            if (!(threadId in parents)) throw new Error('thread not loaded')
            return { thread: { parentThreadId: parents[threadId] } }
          },
        }),
    },
    log: pino({ level: 'silent' }),
  } as unknown as Parameters<typeof worksFor>[0]

  it('is found through all its parents, with the turn that runs there', async () => {
    const found = { threadId: 'shared', turnId: 'turn-1' }
    const threads = ['shared', 'child', 'grandchild', 'stranger', 'unknown']
    expect(await Promise.all(threads.map((threadId) => worksFor(deps, threadId)))).to.deep.equal([
      ...[found, found, found, null, null],
    ])
  })
})
