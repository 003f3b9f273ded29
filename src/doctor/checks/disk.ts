/** Checks that there is room for the ledger and the sockets, and that our folders can be written. */
import { statfsSync } from 'node:fs'
import { nearestExisting } from '../../platform/places/make-folder.ts'
import {
  dataFolder,
  logFolder,
  type OwnFolder,
  runtimeFolder,
  whyNotWritable,
} from '../../platform/places/own-folders.ts'
import { shellWord } from '../../protocol/text/shell-word.ts'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

const mega = 1024 * 1024

export const disk: Check = {
  name: 'Disk',
  run({ places }) {
    const { dataDir, runtimeDir } = places
    return [
      judgeSpace(dataDir, freeBytes(dataDir), 1024 * mega, 100 * mega),
      judgeSpace(runtimeDir, freeBytes(runtimeDir), 4 * mega, mega),
      ...[dataFolder(places), logFolder(places), runtimeFolder(places)].flatMap(judgeFolder),
    ]
  },
}

function judgeFolder(folder: OwnFolder): Finding[] {
  const problem = whyNotWritable(folder)
  if (problem === null) return []
  return [{ level: 'problem', what: problem.message, why: 'The daemon does not start without it.', fix: problem.hint }]
}

export function judgeSpace(folder: string, free: number, low: number, out: number): Finding {
  const what = `${free < mega ? `${Math.floor(free / 1024)} KiB` : `${Math.floor(free / mega)} MiB`} free at ${folder}`
  if (free >= low) return ok(what)
  return {
    level: free < out ? 'problem' : 'warning',
    what,
    why: 'Nothing is submitted that cannot be recorded.',
    fix: `Make room there: df -h ${shellWord(folder)}`,
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(nearestExisting(folder))
  return bavail * bsize
}
