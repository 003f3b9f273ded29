/** On which link a prompt is sent; all else about submitting is tested on the real app-server. */
import { expect } from 'chai'
import type { AppServerLink } from '../../src/codex/app-server-link.ts'
import { SubmitTurn, type SubmitTurnDeps } from '../../src/daemon/submit-turn.ts'
import { TurnSlots } from '../../src/daemon/turn-slots.ts'

describe('Submitting a prompt', () => {
  it('sends nothing to a new app-server before the thread is caught up with there', async () => {
    const steps: string[] = []
    const linkTo = (name: string) => {
      const forward = async (method: string) => {
        steps.push(`${method} on ${name}`)
        return { turn: { id: 't1' } }
      }
      return { forward } as unknown as AppServerLink
    }
    const [former, next] = [linkTo('the former'), linkTo('the next')]
    const upstream = { current: former, requireAbleToRun: () => {} }
    const finder = {
      ensureShared: async () => 'already',
      claim: async () => {
        const link = upstream.current
        steps.push(`caught up on ${link === former ? 'the former' : 'the next'}`)
        // The app-server is replaced right after.
        upstream.current = next
        return link
      },
    }
    const submitTurn = new SubmitTurn({
      upstream,
      finder,
      slots: new TurnSlots(),
      ledger: { events: { head: () => 0 } },
      requests: { find: () => undefined, remember: () => {}, fulfil: () => null },
      threadSettings: { loosening: () => [], expect: () => {} },
      timeoutMs: 1000,
    } as unknown as SubmitTurnDeps)
    const params = { threadId: 'a', input: [{ type: 'text', text: 'hi' }] }
    const author = { label: 'ci', kind: 'script', pid: 1 } as const
    const { turn } = await submitTurn.submit(params, { author, identity: { kind: 'own', pid: 1 } as never })
    expect(turn.id).to.equal('t1')
    expect(steps).to.deep.equal(['caught up on the former', 'caught up on the next', 'turn/start on the next'])
  })
})
