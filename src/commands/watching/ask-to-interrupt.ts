/** What Ctrl-C asks during a post on a terminal: end the turn for everybody, or only stop watching. */
import { askOnTerminal } from '../base/ask-on-terminal.ts'

export type InterruptAnswer = 'interrupt' | 'leave' | 'stay'

/** Asks once. A second Ctrl-C, an empty answer or the end of input means to leave. */
export async function askToInterrupt(): Promise<InterruptAnswer> {
  // Before readline, which draws its line over the one that the cursor stands in: part of the answer may be there.
  process.stderr.write('\n')
  const answer = (await askOnTerminal('Interrupt the turn, leave it running, or stay? [i/L/s] ')) ?? ''
  return ({ i: 'interrupt', s: 'stay' }[answer[0] ?? ''] as InterruptAnswer | undefined) ?? 'leave'
}
