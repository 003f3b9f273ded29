/** Finds out how much of a ledger's file holds nothing and is not given back, as the file was made by an older program. */
import { closeSync, openSync, readSync } from 'node:fs'

// Places in the header of an SQLite file.
const [pageSizeAt, freePagesAt, largestRootAt] = [16, 36, 52]

/** Bytes; 0 where they are given back while the ledger is in use, and where the file is none of SQLite's. */
export function keptFreeBytes(file: string): number {
  const header = Buffer.alloc(100)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, header, 0, header.length, 0)
  } finally {
    closeSync(descriptor)
  }
  const isMadeForIt = header.readUInt32BE(largestRootAt) !== 0
  if (isMadeForIt || !header.toString('latin1').startsWith('SQLite format 3')) return 0
  // 65,536 does not fit, and is written as 1.
  const pageSize = header.readUInt16BE(pageSizeAt)
  return header.readUInt32BE(freePagesAt) * (pageSize === 1 ? 65_536 : pageSize)
}
