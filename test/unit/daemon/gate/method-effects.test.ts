/** Which requests the daemon has rules for. */
import { expect } from 'chai'
import { effectOf } from '../../../../src/daemon/gate/method-effects.ts'

describe('The effect of a request', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['turn/start', 'prompts'],
    ['review/start', 'begins'],
    ['thread/compact/start', 'begins'],
    ['thread/shellCommand', 'beginsOrJoins'],
    ['turn/steer', 'steers'],
    ['turn/interrupt', 'interrupts'],
    ['thread/queue/add', 'queues'],
    ['thread/list', undefined],
    // Not what every object has.
    ['constructor', undefined],
    ['__proto__', undefined],
    ['', undefined],
  ]
  for (const [method, effect] of cases)
    it(`of ${method || 'no method'} is ${effect ?? 'none'}`, () => expect(effectOf(method)).to.equal(effect))
})
