/** Submitting once: whatever happens on the way. */
import { expect } from 'chai'
import type { SubmitPromptOptions } from '../../../../src/client/submitting/prompt-input.ts'
import { submitPrompt } from '../../../../src/client/submitting/submit-prompt.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import {
  errorOf,
  runningTurn,
  type ScriptedDaemon,
  startScriptedDaemon,
  threadId,
  turnCompleted,
} from '../../../support/sites/scripted-daemon.ts'
import { eventually } from '../../../support/waiting/eventually.ts'
import { onScriptedTime } from '../../../support/waiting/scripted-ticks.ts'

const started = { turn: { id: 'turn-1' }, share: { duplicate: false, after: 4 } }
const busy = () => {
  throw new ShareError('busy', 'a turn runs', { facts: runningTurn })
}

describe('Submitting a prompt', () => {
  let daemon: ScriptedDaemon
  beforeEach(async () => {
    daemon = await startScriptedDaemon()
  })
  afterEach(() => daemon.close())

  const submit = (options: Partial<SubmitPromptOptions> = {}) =>
    submitPrompt({
      link: daemon.link(),
      threadId,
      prompt: 'Go',
      requestId: 'request-1',
      ifBusy: 'reject',
      notice: () => {},
      ...options,
    })
  const starts = () => daemon.asked.filter(({ method }) => method === 'turn/start')

  it('sends the prompt with its request id', async () => {
    daemon.on('turn/start', () => started)
    expect(await submit()).to.deep.equal({ turnId: 'turn-1', duplicate: false, after: 4 })
    expect(daemon.asked).to.deep.equal([
      {
        method: 'turn/start',
        params: {
          threadId,
          clientUserMessageId: 'request-1',
          input: [{ type: 'text', text: 'Go', text_elements: [] }],
        },
      },
    ])
  })

  it('repeats it with the same id when the connection is lost before the answer', async () => {
    daemon.on('turn/start', () => {
      if (starts().length > 1) return { ...started, share: { duplicate: true, after: 4 } }
      daemon.cut()
      return new Promise(() => {})
    })
    expect(await submit()).to.deep.equal({ turnId: 'turn-1', duplicate: true, after: 4 })
    expect(starts().map(({ params }) => params.clientUserMessageId)).to.deep.equal(['request-1', 'request-1'])
  })

  it('repeats it when the daemon itself does not know whether Codex took it', async () => {
    daemon.on('turn/start', () => {
      if (starts().length > 1) return started
      throw new ShareError('connectionLost', 'not known', { facts: { sent: true } })
    })
    expect((await submit()).turnId).to.equal('turn-1')
  })

  it('says that the outcome is unknown when the daemon does not come back', async () => {
    daemon.on('turn/start', () => {
      daemon.die()
      return new Promise(() => {})
    })
    const { errorName, message } = await errorOf(submit({ link: daemon.link({ reconnectMs: 200 }) }))
    expect(errorName).to.equal('connectionLost')
    expect(message).to.match(
      /^the connection to unix:\/\/\S+daemon\.sock was lost and did not come back within \d s: cannot reach/,
    )
  })

  it('is refused at once while a turn runs', async () => {
    daemon.on('turn/start', busy)
    expect((await errorOf(submit())).facts.turnId).to.equal('turn-0')
    expect(starts().length).to.equal(1)
  })

  it('waits for the running turn when told to, and says for whose', async () => {
    const told: string[] = []
    daemon.on('turn/start', () => (starts().length > 1 ? started : busy()))
    daemon.on('share/subscribe', (_params, peer) => {
      setImmediate(() => peer.sendEvent(1, { ...turnCompleted('completed'), turnId: 'turn-0' }))
      return { head: 0, turn: runningTurn }
    })
    expect((await submit({ ifBusy: 'wait', notice: (text) => told.push(text) })).turnId).to.equal('turn-1')
    expect(told.length).to.equal(1)
    expect(told[0]).to.match(/^a turn by ada is running since \d\d:\d\d:\d\d; waiting for it to end…$/)
  })

  it('waits in the way that the caller has, without following the thread', async () => {
    daemon.on('turn/start', () => (starts().length > 1 ? started : busy()))
    let waits = 0
    const untilFree = async () => {
      waits += 1
    }
    expect((await submit({ ifBusy: 'wait', untilFree })).turnId).to.equal('turn-1')
    expect([waits, daemon.asked.some(({ method }) => method === 'share/subscribe')]).to.deep.equal([1, false])
  })

  it(
    'looks again by itself when the slot becomes free without an event',
    onScriptedTime(async (time) => {
      daemon.on('turn/start', () => (starts().length > 1 ? started : busy()))
      daemon.on('share/subscribe', () => ({ head: 0, turn: runningTurn }))
      const submitted = submit({ ifBusy: 'wait' })
      await eventually('it follows the thread', () => daemon.asked.at(-1)?.method === 'share/subscribe')
      time.run(2000)
      expect((await submitted).turnId).to.equal('turn-1')
    }),
  )

  it('stops waiting when its time is over', async () => {
    daemon.on('turn/start', busy)
    const abort = new AbortController()
    daemon.on('share/subscribe', () => {
      // Once it has been answered: then the waiting has begun.
      setImmediate(() => abort.abort(new ShareError('timedOut', 'enough')))
      return { head: 0, turn: runningTurn }
    })
    expect((await errorOf(submit({ ifBusy: 'wait', signal: abort.signal }))).message).to.equal('enough')
  })

  it('steers the running turn when told to, outright', async () => {
    daemon.on('turn/start', busy)
    daemon.on('share/resolve', () => ({ opened: 'already', thread: sharedThread(17) }))
    daemon.on('turn/steer', () => ({ turnId: 'turn-0' }))
    expect(await submit({ ifBusy: 'steer' })).to.deep.equal({ turnId: 'turn-0', duplicate: false, after: 17 })
    const params = daemon.asked.at(-1)?.params ?? {}
    expect([params.expectedTurnId, params.share, params.clientUserMessageId]).to.deep.equal([
      'turn-0',
      { steer: true },
      'request-1',
    ])
  })

  it('submits after all when the turn to steer has just ended', async () => {
    daemon.on('turn/start', () => (starts().length > 1 ? started : busy()))
    daemon.on('share/resolve', () => ({ opened: 'already', thread: sharedThread(17) }))
    daemon.on('turn/steer', () => {
      throw new ShareError('invalidRequest', 'no active turn to steer')
    })
    expect((await submit({ ifBusy: 'steer' })).turnId).to.equal('turn-1')
  })

  it('asks a turn that takes no more prompts once, says so once, and waits for its end', async () => {
    const told: string[] = []
    let isOver = false
    daemon.on('turn/start', () => (isOver ? started : busy()))
    daemon.on('share/resolve', () => ({ opened: 'already', thread: sharedThread(17) }))
    daemon.on('turn/steer', () => {
      throw new ShareError('invalidRequest', 'cannot steer a review turn')
    })
    let waits = 0
    const untilFree = async () => {
      waits += 1
      isOver = waits === 3
    }
    const options = { ifBusy: 'steer', untilFree, notice: (text: string) => told.push(text) } as const
    expect((await submit(options)).turnId).to.equal('turn-1')
    expect(daemon.asked.filter(({ method }) => method === 'turn/steer')).to.have.length(1)
    expect([waits, told.length]).to.deep.equal([3, 1])
    expect(told[0]).to.match(
      /^a turn by ada is running since \d\d:\d\d:\d\d and takes no more prompts; waiting for it to end…$/,
    )
  })

  it('repeats a steering whose answer was lost, with the same id for the same turn', async () => {
    const steers = () => daemon.asked.filter(({ method }) => method === 'turn/steer').map(({ params }) => params)
    daemon.on('turn/start', busy)
    daemon.on('share/resolve', () => ({ opened: 'already', thread: sharedThread(17) }))
    daemon.on('turn/steer', () => {
      if (steers().length > 1) return { turnId: 'turn-0' }
      daemon.cut()
      return new Promise(() => {})
    })
    expect((await submit({ ifBusy: 'steer' })).turnId).to.equal('turn-0')
    expect(steers()[1]).to.deep.equal(steers()[0])
  })
})

function sharedThread(head: number) {
  return {
    threadId,
    name: null,
    cwd: null,
    preview: null,
    openedAt: '2026-11-22T00:00:00.000Z',
    updatedAt: '2026-11-22T00:00:00.000Z',
    head,
    peers: 0,
    turn: runningTurn,
  }
}
