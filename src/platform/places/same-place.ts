/** Compares paths as places: one folder may have several spellings, as a home that is reached over a link has. */
import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export function isSamePlace(one: string, other: string): boolean {
  return one === other || realPlace(one) === realPlace(other)
}

/** The path without links on the way. What is not there is spelled as given, below what is. */
export function realPlace(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(realPlace(above), basename(path))
  }
}
