/** What is told of a daemon that ended. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { readLastWords } from '../../../../src/platform/logging/last-words.ts'

describe('The last words of a daemon', () => {
  it('say each thing once, though the log and stderr both have it', () => {
    const dir = mkdtempSync(join(tmpdir(), 'codex-share-words-'))
    const file = join(dir, 'daemon.log')
    const reason = "EEXIST: file already exists, mkdir '/data'"
    const lines = [
      JSON.stringify({ level: 50, msg: 'the daemon cannot start', err: { message: `${reason}: ${reason}` } }),
      `Error: ${reason}`,
      'Look at it.',
    ]
    writeFileSync(file, `of an earlier one\n${lines.join('\n')}\n`)
    const words = readLastWords(file, 'of an earlier one\n'.length)
    rmSync(dir, { recursive: true })
    expect(words).to.equal(`\n  Error: ${reason}\n  Look at it.`)
  })
})
