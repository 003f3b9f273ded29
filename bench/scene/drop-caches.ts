/** Empties the kernel's cache of files, as after a start of the machine. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

/** Linux, and root only; false elsewhere. */
export function dropCaches(): boolean {
  try {
    spawnSync('sync')
    writeFileSync('/proc/sys/vm/drop_caches', '3')
    return true
  } catch {
    return false
  }
}
