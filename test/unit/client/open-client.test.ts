/** Opening a connection: how each attempt turns out, and what follows each outcome. */
import { expect } from 'chai'
import type { DaemonClient } from '../../../src/client/connection/daemon-client.ts'
import type { Endpoint } from '../../../src/client/connection/endpoint.ts'
import { type AttemptOptions, type AttemptOutcome, attemptToOpen } from '../../../src/client/open-attempt.ts'
import { afterAttempt, type OpenClientOptions, openClient } from '../../../src/client/open-client.ts'
import { Deadline } from '../../../src/platform/time/deadline.ts'
import { type ErrorName, isShareError, ShareError } from '../../../src/protocol/errors.ts'
import { errorOf, type ScriptedDaemon, startScriptedDaemon } from '../../support/sites/scripted-daemon.ts'

const identity = { kind: 'script', label: 'ada' } as const
const notice = () => {}

describe('An attempt to open a connection', () => {
  let daemon: ScriptedDaemon
  beforeEach(async () => {
    daemon = await startScriptedDaemon()
  })
  afterEach(() => daemon.close())

  const attempt = async (options: Partial<AttemptOptions> = {}, deadline = new Deadline(5000)) => {
    const outcome = await attemptToOpen({ endpoint: daemon.endpoint, identity, notice, ...options }, deadline, 20)
    if (outcome.is === 'open') outcome.client.close()
    return outcome
  }
  const own = (): Endpoint => ({ kind: 'own', path: daemon.places.daemonSocket, places: daemon.places })
  const refuse = (name: ErrorName) => () => {
    throw new ShareError(name, 'no')
  }

  const cases: readonly {
    readonly title: string
    readonly given: () => Partial<AttemptOptions> | Promise<Partial<AttemptOptions>>
    readonly deadlineMs?: number
    readonly outcome: readonly string[]
  }[] = [
    { title: 'is open when the daemon answers', given: () => ({}), outcome: ['open'] },
    {
      title: 'is turned away when the daemon leaves in the middle of it',
      given: () => {
        daemon.on('initialize', () => {
          daemon.cut()
          return new Promise(() => {})
        })
        return {}
      },
      outcome: ['turnedAway', 'connectionLost'],
    },
    {
      title: 'is turned away when the daemon is full',
      given: () => {
        daemon.on('initialize', refuse('overloaded'))
        return {}
      },
      outcome: ['turnedAway', 'overloaded'],
    },
    {
      title: 'is silent when the daemon does not answer in time',
      given: () => {
        daemon.on('initialize', () => new Promise(() => {}))
        return {}
      },
      deadlineMs: 0,
      outcome: ['silent', 'timedOut'],
    },
    {
      title: 'is refused when the daemon refuses it',
      given: () => {
        daemon.on('initialize', refuse('versionMismatch'))
        return {}
      },
      outcome: ['refused', 'versionMismatch'],
    },
    {
      title: 'is refused when nobody listens at a socket that was given',
      given: async () => {
        await daemon.leave()
        return {}
      },
      outcome: ['refused', 'unavailable'],
    },
    {
      title: 'is refused when the own daemon is missing and never started from here',
      given: async () => {
        await daemon.leave()
        return { endpoint: own(), start: 'never' }
      },
      outcome: ['refused', 'unavailable'],
    },
    {
      title: 'is refused when the own daemon was stopped on purpose and only a crashed one is started',
      given: async () => {
        await daemon.leave()
        return { endpoint: own(), start: 'crashed' }
      },
      outcome: ['refused', 'unavailable'],
    },
  ]
  for (const { title, given, deadlineMs = 5000, outcome } of cases)
    it(title, async () => {
      const result = await attempt(await given(), new Deadline(deadlineMs))
      const { error = undefined } = result.is === 'open' ? {} : result
      expect([result.is, ...(error instanceof ShareError ? [error.errorName] : [])]).to.deep.equal(outcome)
    })

  it('ends with the reason of the signal', async () => {
    const controller = new AbortController()
    daemon.on('initialize', () => {
      controller.abort(new Error('the person gave up'))
      return new Promise(() => {})
    })
    const reason = await attempt({}, new Deadline(5000, controller.signal)).catch((error: unknown) => error)
    expect(reason).to.equal(controller.signal.reason)
  })
})

describe('What follows an attempt to open a connection', () => {
  const given: Endpoint = { kind: 'given', path: '/x.sock' }
  const places = { runtimeDir: '/run' } as never
  const own: Endpoint = { kind: 'own', path: '/own.sock', places }
  const client = {} as DaemonClient
  const away = new ShareError('connectionLost', 'the connection ended')
  const turnedAway: AttemptOutcome = { is: 'turnedAway', reached: given, error: away }

  const full = new ShareError('overloaded', 'it has 1024 connections', { hint: 'End some.' })

  const cases: readonly {
    readonly title: string
    readonly outcome: AttemptOutcome
    readonly endpoint?: Endpoint
    readonly attempts?: number
    readonly isOver?: boolean
    readonly service?: string
    /** A message is that of an `unavailable`. */
    readonly follows: DaemonClient | undefined | string | Error
  }[] = [
    { title: 'open: its client', outcome: { is: 'open', client }, follows: client },
    { title: 'refused: its error as it is', outcome: { is: 'refused', error: away }, follows: away },
    {
      title: 'silent: an error that says how long it took',
      outcome: { is: 'silent', reached: given, error: new ShareError('timedOut', 'late') },
      follows: 'it took the connection and did not answer within 7 s',
    },
    { title: 'turned away: another attempt', outcome: turnedAway, follows: undefined },
    { title: 'turned away too late: its error', outcome: turnedAway, isOver: true, follows: away.message },
    {
      title: 'turned away for some seconds by a daemon that is full: its reason',
      outcome: { is: 'turnedAway', reached: given, error: full },
      follows: 'it has 1024 connections',
    },
    {
      title: 'turned away once by a service: another attempt, without asking the manager',
      ...{ outcome: turnedAway, endpoint: own, service: 'it fails' },
      follows: undefined,
    },
    {
      title: 'turned away twice by a service that does not stay up: why',
      ...{ outcome: turnedAway, endpoint: own, attempts: 2, service: 'it fails' },
      follows: 'it fails',
    },
    {
      title: 'turned away twice by a service that is well: another attempt',
      ...{ outcome: turnedAway, endpoint: own, attempts: 2 },
      follows: undefined,
    },
    {
      title: 'turned away twice by a socket that was given: another attempt, whatever the own service does',
      ...{ outcome: turnedAway, attempts: 2, service: 'it fails' },
      follows: undefined,
    },
  ]
  for (const { title, outcome, endpoint = given, attempts = 1, isOver = false, service = null, follows } of cases)
    it(title, async () => {
      const serviceFailure = async () => service
      const circumstances = { endpoint, attempts, deadline: { isOver, spentMs: 7000 }, serviceFailure }
      const end = await afterAttempt(outcome, circumstances).catch((error: unknown) => error)
      if (typeof follows !== 'string') return expect(end).to.equal(follows)
      const reason = isShareError(end, 'unavailable') && end.message
      if (isShareError(end, 'unavailable') && end.cause === full) expect(end.hint).to.equal(full.hint)
      return expect(reason).to.equal(`cannot reach the daemon at unix:///x.sock: ${follows}`)
    })
})

describe('Opening a connection to a daemon of another CODEX_HOME', () => {
  let daemon: ScriptedDaemon
  beforeEach(async () => {
    daemon = await startScriptedDaemon()
    const { runtimeDir, dataDir } = daemon.places
    const share = { protocol: 1, version: '9', pid: 1, peerId: 'p', endpoint: 'e', runtimeDir, dataDir }
    daemon.on('initialize', () => ({ userAgent: 'x', share: { ...share, codexHome: '/another' } }))
  })
  afterEach(() => daemon.close())

  const open = (options: Partial<OpenClientOptions>) =>
    openClient({ endpoint: daemon.endpoint, identity, notice, ...options })

  it('says that it is for reading alone', async () => {
    const notices: string[] = []
    const client = await open({ notice: (text) => notices.push(text) })
    expect([notices.length, notices[0]?.startsWith('Read-only: '), client.closed]).to.deep.equal([1, true, false])
    client.close()
  })

  it('is refused where it is to act', async () => {
    const { errorName, message } = await errorOf(open({ toAct: 'post' }))
    expect([errorName, message.startsWith('post is refused: ')]).to.deep.equal(['denied', true])
  })
})
