/** Is there room where the ledger and the sockets are? */
import { existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

const mega = 1024 * 1024

export const disk: Check = {
  name: 'Disk',
  run: ({ places: { dataDir, runtimeDir } }) => [
    judgeSpace(dataDir, freeBytes(dataDir), 1024 * mega, 100 * mega),
    judgeSpace(runtimeDir, freeBytes(runtimeDir), 4 * mega, mega),
  ],
}

export function judgeSpace(folder: string, free: number, low: number, out: number): Finding {
  const what = `${free < mega ? `${Math.floor(free / 1024)} KiB` : `${Math.floor(free / mega)} MiB`} free at ${folder}`
  if (free >= low) return ok(what)
  return {
    level: free < out ? 'problem' : 'warning',
    what,
    why: 'Nothing is submitted that cannot be recorded.',
    fix: `Make room there: df -h '${folder}'`,
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(existing(folder))
  return bavail * bsize
}

/** The folder, or the one above that will hold it. */
function existing(folder: string): string {
  return existsSync(folder) ? folder : existing(dirname(folder))
}
