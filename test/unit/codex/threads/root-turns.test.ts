/** A review is stored as two turns, and told as one. */
import { expect } from 'chai'
import type { Turn } from '../../../../src/codex/decoding/upstream-types.ts'
import { type RootTurn, rootTurns } from '../../../../src/codex/threads/root-turns.ts'

describe('Stored turns', () => {
  const turn = (id: string, rootTurnId: string | null, more: object = {}) =>
    ({ id, rootTurnId, status: 'completed', startedAt: 1, completedAt: 2, items: [], ...more }) as unknown as Turn
  const item = (id: string, startedAtMs: number) => ({ type: 'agentMessage', id, startedAtMs })
  const before = turn('t0', null)
  const sub = turn('s1', 't1', { status: 'interrupted', completedAt: null, items: [item('asked', 20)] })
  const root = turn('t1', 't1', { startedAt: 3, completedAt: 4, items: [item('entered', 10), item('left', 30)] })
  const after = turn('t2', 't2')

  async function read(turns: readonly Turn[], order: 'asc' | 'desc' = 'asc'): Promise<RootTurn[]> {
    async function* stored() {
      yield* turns
    }
    const read: RootTurn[] = []
    for await (const one of rootTurns(stored(), order)) read.push(one)
    return read
  }

  it('are as they are where each has one id', async () => {
    expect(await read([before, after])).to.deep.equal([before, after])
    expect(await read([])).to.deep.equal([])
  })

  it('are one where a review has ended, in either order, with its items as they came', async () => {
    const whole = await read([before, sub, root, after])
    expect(whole.map(({ id, runsAs, status, startedAt }) => [id, runsAs, status, startedAt])).to.deep.equal([
      ['t0', undefined, 'completed', 1],
      ['t1', 's1', 'completed', 1],
      ['t2', undefined, 'completed', 1],
    ])
    expect(whole[1]?.items.map(({ id }) => id)).to.deep.equal(['entered', 'asked', 'left'])
    expect(await read([after, root, sub, before], 'desc')).to.deep.equal(whole.toReversed())
  })

  it('have the id of the root turn also while a review runs, or when its app-server has died', async () => {
    for (const status of ['inProgress', 'interrupted']) {
      const [only] = await read([{ ...sub, status } as Turn])
      expect([only?.id, only?.runsAs, only?.status]).to.deep.equal(['t1', 's1', status])
    }
  })
})
