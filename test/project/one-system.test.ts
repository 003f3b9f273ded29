/** Which system this is, is asked in one place: everything else is given what differs. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'

const root = path.join(import.meta.dirname, '../..')
const asks = /\bprocess\.platform\b|\bplatform\(\)|\{[^}]*\bplatform\b[^}]*\} = process\b/

const asking = (text: string) => asks.test(text)

describe('Which system this is', () => {
  it('is asked in one file', () => {
    const files = globSync('src/**/*.{ts,tsx}', { cwd: root })
    expect(files.filter((file) => asking(readFileSync(path.join(root, file), 'utf8')))).to.deep.equal([
      'src/platform/system/this-system.ts',
    ])
  })

  it('is seen in every way to ask', () => {
    const ways = ["process.platform === 'darwin'", 'const { env, platform } = process', 'os.platform()', 'platform()']
    expect(ways.filter((way) => !asking(way))).to.deep.equal([])
    expect(asking("import { platform } from './platform/x.ts'; places.platform")).to.equal(false)
  })
})
