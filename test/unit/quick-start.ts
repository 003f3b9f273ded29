/** Spares the unit layer what it does not test: waiting for a disk, and compiling the same source again. */
import { statfsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

/** Of a system that has such a folder; its tests need no more than a few MiB, and one that looks for room finds it. */
const memory = '/dev/shm'
const roomBytes = 256 * 1024 * 1024

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize > roomBytes
  } catch {
    return false // There is none: a Mac.
  }
}

if (hasRoom()) process.env.TMPDIR = memory
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/unit'))
