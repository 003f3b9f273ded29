/** Sends a signal to a process or to its whole group. */
import { messageOf, ShareError } from '../../protocol/errors.ts'

export interface SignalOptions {
  /** To the whole group that the process leads, for what it may have started. */
  readonly group?: boolean
  /** The system call: a negative target means a group. */
  readonly kill?: (target: number, signal: NodeJS.Signals) => unknown
}

/**
 * A process that has ended is just what was wanted. macOS refuses a group of which nothing may be signalled, such as one whose leader
 * is a zombie or has set its user id: then the process itself gets the signal.
 *
 * @throws ShareError `unavailable` when the system does not let us signal the process
 */
export function sendSignal(pid: number, signal: NodeJS.Signals, options: SignalOptions = {}): void {
  const { group = false, kill = (target) => process.kill(target, signal) } = options
  try {
    kill(group ? -pid : pid, signal)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EPERM' && group) sendSignal(pid, signal, { ...options, group: false })
    else if (code !== 'ESRCH') throw refusal(pid, signal, error)
  }
}

function refusal(pid: number, signal: NodeJS.Signals, cause: unknown): ShareError {
  const why = messageOf(cause)
  return new ShareError('unavailable', `${signal} could not be sent to the process ${pid}: ${why}`, {
    facts: { pid },
    hint: `Look whose it is with \`ps -o user,args -p ${pid}\`, and end it as that user.`,
    cause,
  })
}
