/** A daemon that says nothing any more, and is heard again. */
import { setImmediate as nextLoop } from 'node:timers/promises'
import { expect } from 'chai'
import type { DaemonClient } from '../../../../src/client/connection/daemon-client.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { type PulseOptions, watchPulse } from '../../../../src/tui/session/watch-pulse.ts'
import { onScriptedTime, type ScriptedTicks } from '../../../support/waiting/scripted-ticks.ts'

const everyMs = 5000

/** A daemon whose answers come when the test says so, and the watch on its pulse. */
class Watched {
  /** What was said of it. */
  readonly said: string[] = []
  private readonly leaving = new AbortController()
  private readonly asked: PromiseWithResolvers<unknown>[] = []
  private readonly time: ScriptedTicks
  private readonly watching: Promise<void>
  private hear = () => {}

  constructor(time: ScriptedTicks) {
    this.time = time
    const client = {
      closed: undefined,
      listen: ({ onEvent }: { onEvent: () => void }) => {
        this.hear = onEvent
        return () => this.said.push('stopped listening')
      },
      call: () => {
        const answer = Promise.withResolvers<unknown>()
        this.asked.push(answer)
        return answer.promise
      },
    } as unknown as Pick<DaemonClient, 'call' | 'closed' | 'listen'>
    const options: Omit<PulseOptions, 'client'> = {
      threadId: 'thread-1',
      signal: this.leaving.signal,
      everyMs,
      onSilent: () => this.said.push('silent'),
      onHeard: () => this.said.push('heard'),
    }
    this.watching = watchPulse({ client, ...options })
  }

  get questions(): number {
    return this.asked.length
  }

  event(): void {
    this.hear()
  }

  /** The last question is answered, or not in time; then, by default, it is time for the next. */
  async answer(how: 'in time' | 'too late', thenMs = everyMs): Promise<void> {
    const last = this.asked.at(-1)
    if (how === 'in time') last?.resolve({ peers: [] })
    else last?.reject(new ShareError('timedOut', 'no answer'))
    await nextLoop()
    this.time.run(thenMs)
    await nextLoop()
  }

  async leave(): Promise<void> {
    this.leaving.abort()
    this.asked.at(-1)?.reject(new ShareError('timedOut', 'no answer'))
    await this.watching
  }
}

describe('The pulse of the daemon', () => {
  it(
    'is not spoken of while there are answers',
    onScriptedTime(async (time) => {
      const daemon = new Watched(time)
      for (let round = 0; round < 3; round += 1) await daemon.answer('in time')
      expect([daemon.questions, daemon.said]).to.deep.equal([4, []])
    }),
  )

  it(
    'is missed once when the answers stop, however often they are asked for, and is there again with anything that comes',
    onScriptedTime(async (time) => {
      const daemon = new Watched(time)
      for (let round = 0; round < 3; round += 1) await daemon.answer('too late')
      expect([daemon.questions, daemon.said]).to.deep.equal([4, ['silent']])
      daemon.event()
      expect(daemon.said).to.deep.equal(['silent', 'heard'])
      await daemon.answer('in time')
      expect(daemon.said).to.deep.equal(['silent', 'heard'])
    }),
  )

  it(
    'is not missed while events come, however late the answers are',
    onScriptedTime(async (time) => {
      const daemon = new Watched(time)
      for (let round = 0; round < 3; round += 1) {
        daemon.event()
        await daemon.answer('too late')
      }
      expect([daemon.questions, daemon.said]).to.deep.equal([4, []])
    }),
  )

  it(
    'is no longer felt when the thread is left, whether it is asked for then or not',
    onScriptedTime(async (time) => {
      const [asking, resting] = [new Watched(time), new Watched(time)]
      await resting.answer('in time', everyMs - 1)
      await resting.leave()
      await asking.leave()
      expect([asking.said, resting.said]).to.deep.equal([['stopped listening'], ['stopped listening']])
    }),
  )
})
