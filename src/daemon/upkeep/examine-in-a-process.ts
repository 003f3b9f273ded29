/**
 * Reads every page of the ledger in a process of its own, from a copy. Not in this one: closing any descriptor of the file gives up the
 * locks that the process has on it, and with them the ledger.
 */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import * as v from 'valibot'
import { currentNode, stablePath } from '../../platform/processes/stable-path.ts'

/** As the command prints it. */
const examinedSchema = v.variant('state', [
  v.object({ state: v.literal('whole') }),
  v.object({ state: v.literal('damaged'), found: v.string() }),
  v.object({ state: v.literal('unknown'), why: v.string(), fix: v.string() }),
])
export type ExaminationResult = v.InferOutput<typeof examinedSchema>

export interface ExamineInAProcessOptions {
  /** bin/run.js of this package. */
  readonly programFile: string
  readonly ledgerFile: string
}

/** A function that examines the ledger; what an earlier daemon was killed in the middle of is removed first. */
export function examineInAProcess({ programFile, ledgerFile }: ExamineInAProcessOptions) {
  const folder = `${ledgerFile}.being-checked`
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  remove()
  return async (signal: AbortSignal): Promise<ExaminationResult> => {
    // It ends by itself when its standard input does, which is when we are killed.
    const child = spawn(currentNode(), [stablePath(programFile), 'daemon', 'check-ledger', ledgerFile, folder], {
      stdio: ['pipe', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    })
    child.stdin.on('error', () => {})
    const onAbort = () => {
      try {
        remove()
      } catch {
        // Once the process has ended it is tried again, and what is thrown there is caught.
      }
    }
    signal.addEventListener('abort', onAbort)
    const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
    try {
      const [code, printed, said] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
      if (code !== 0) throw new Error(said.trim() || `the check ended with ${code}`)
      return v.parse(examinedSchema, JSON.parse(printed))
    } finally {
      signal.removeEventListener('abort', onAbort)
      // Killed in the middle it has left the copy.
      remove()
    }
  }
}
