/** Which Codex this is made with and tested on stands in package.json, and is told in docs/compatibility.md. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { oldestCodex } from '../../src/codex/binary/codex-version.ts'

const root = path.join(import.meta.dirname, '../..')
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
const pinned: string = manifest.devDependencies['@openai/codex']

describe('The versions of Codex', () => {
  it('are in no source and no test', () => {
    const files = ['src', 'test', 'bench', 'scripts'].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|tsx|sh|cjs)$/.test(file) && !file.includes('node_modules'))
        .map((file) => path.join(folder, file)),
    )
    const code = (file: string) => readFileSync(path.join(root, file), 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, '')
    expect(files).to.have.length.greaterThan(500)
    expect(files.filter((file) => [oldestCodex, pinned].some((version) => code(file).includes(version)))).to.deep.equal(
      [],
    )
  })

  it('are those that everything was tested on, by the table', () => {
    const table = readFileSync(path.join(root, 'docs/compatibility.md'), 'utf8')
    expect(table).to.match(new RegExp(`^\\| ${pinned.replaceAll('.', '\\.')} .*\\| pinned`, 'm'))
    expect(table).to.match(new RegExp(`^\\| ${oldestCodex.replaceAll('.', '\\.')} .*\\| oldest`, 'm'))
  })
})
