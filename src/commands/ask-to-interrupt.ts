/** What Ctrl-C asks during a post on a terminal: end the turn for everybody, or only stop watching. */
import { createInterface } from 'node:readline/promises'

export type Answer = 'interrupt' | 'leave' | 'stay'

/** Whether somebody is there to be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** Asks once on stderr. A second Ctrl-C, an empty answer or the end of input means to leave. */
export async function askToInterrupt(): Promise<Answer> {
  // Before readline, which draws its line over the one that the cursor stands in: part of the answer may be there.
  process.stderr.write('\n')
  const question = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const stop = new AbortController()
    question.once('SIGINT', () => stop.abort())
    question.once('close', () => stop.abort())
    const answer = await question.question('Interrupt the turn, leave it running, or stay? [i/L/s] ', {
      signal: stop.signal,
    })
    return ({ i: 'interrupt', s: 'stay' }[answer.trim().toLowerCase()[0] ?? ''] as Answer | undefined) ?? 'leave'
  } catch {
    return 'leave' // Ctrl-C again, or Ctrl-D.
  } finally {
    question.close()
  }
}
