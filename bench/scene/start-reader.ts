/** Starts the measuring side and has it run turns. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ReaderOptions, TurnOrder, TurnReport } from '../programs/reader.ts'
import { endWithUs } from './clean-up.ts'

export interface Reader {
  readonly threadId: string
  /** @throws Error when a delta came out of order */
  turn(text: string, deltas?: number): Promise<TurnReport>
  close(): void
}

const program = fileURLToPath(new URL('../programs/reader.ts', import.meta.url))

export async function startReader(options: ReaderOptions): Promise<Reader> {
  const child = fork(program, [JSON.stringify(options)], { execPath: process.execPath, execArgv: [] })
  const release = endWithUs(child)
  let failed: (error: Error) => void = () => {}
  child.on('exit', (code, signal) => failed(new Error(`the reader ended with ${code ?? signal}`)))
  const next = async <T>(): Promise<T> => {
    const end = new Promise<never>((_, reject) => {
      failed = reject
    })
    const [message] = await Promise.race([once(child, 'message'), end])
    return message
  }
  const { threadId } = await next<{ threadId: string }>()
  return {
    threadId,
    async turn(text, deltas = 1) {
      const order: TurnOrder = { text, deltas }
      child.send(order)
      const report = await next<TurnReport>()
      if (report.outOfOrder > 0) throw new Error(`${text}: ${report.outOfOrder} deltas came out of order`)
      return report
    },
    close() {
      failed = () => {}
      child.disconnect()
      release()
    },
  }
}

/** Says so when peers fell behind and were spared deltas of items that were complete by then. */
export function sparedNote(spared: readonly number[]): { readonly note?: string } {
  const sum = spared.reduce((total, count) => total + count, 0)
  return sum > 0 ? { note: `${sum} deltas in all were spared to peers that had fallen behind` } : {}
}
