/** Asks the person at the terminal, on stderr, as stdout may be somebody else's. */
import { createInterface } from 'node:readline/promises'

/** Whether somebody is there to be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** The answer without the spaces around it, in lower case; undefined for Ctrl-C and the end of input. */
export async function askOnTerminal(question: string): Promise<string | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const stop = new AbortController()
    terminal.once('SIGINT', () => stop.abort())
    terminal.once('close', () => stop.abort())
    return (await terminal.question(question, { signal: stop.signal })).trim().toLowerCase()
  } catch {
    return undefined
  } finally {
    terminal.close()
  }
}
