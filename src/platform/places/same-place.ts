/**
 * Compares paths as places: one folder may have several spellings, as a home that is reached over a link has, and on macOS any name in
 * other letters' case or with its accents composed otherwise.
 */
import { realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export function isSamePlace(one: string, other: string): boolean {
  return one === other || placeOf(one) === placeOf(other)
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

/** The file or folder by its number on its disk; for what is not there, the folder above it and the name. */
function placeOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    const above = dirname(path)
    return above === path ? path : `${placeOf(above)}/${basename(path).normalize('NFC')}`
  }
}
