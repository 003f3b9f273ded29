/** Finds the process that has a thread open: Codex keeps the thread's file open while it may write to it. */
import type { ProcessWithFile } from '../../platform/system/system.ts'
import { thisSystem } from '../../platform/system/this-system.ts'

const longestCommand = 120

/** With its command line cut to a readable length. Undefined when none is found. */
export async function holderOf(threadId: string, system = thisSystem): Promise<ProcessWithFile | undefined> {
  const holder = await system.processWithFile(threadId)
  return holder && { ...holder, command: holder.command.slice(0, longestCommand) }
}
