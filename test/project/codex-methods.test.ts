/** Where the methods of Codex's stand: in tables, which everything else goes by. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'

const root = path.join(import.meta.dirname, '../..')
const questionKinds = 'src/protocol/questions/question-kinds.ts'

describe('The methods of Codex’s', () => {
  const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
  const methodsOf = (union: string) =>
    [...read(`generated/codex/${union}.ts`).matchAll(/"method": "(.+?)"/g)].map(([, method]) => method)
  const sources = (folder: string) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root })

  it('are named in the table of questions alone, where they are requests of the app-server’s', () => {
    const methods = methodsOf('ServerRequest')
    const naming = sources('src').filter((file) => methods.some((method) => read(file).includes(`'${method}'`)))
    expect(naming).to.deep.equal([questionKinds])
  })

  it('are compared with nothing in the daemon: it goes by what a table says of them', () => {
    const unions = ['ServerNotification', 'ServerRequest', 'ClientRequest', 'ClientNotification'] as const
    const methods = new Set(unions.flatMap(methodsOf))
    const compared =
      /(?:[!=]==\s*|\bcase\s+|\bnew Set\([^)]*|\.(?:includes|startsWith|endsWith)\()'([^']+)'|'([^']+)'\s*[!=]==/g
    const decoding = 'src/daemon/codex-socket/frames/peek-frame.ts'
    const files = sources('src/daemon').filter((file) => file !== decoding)
    const comparing = files.flatMap((file) =>
      [...read(file).matchAll(compared)]
        .map(([, right, left]) => right ?? left ?? '')
        .filter((text) => methods.has(text))
        .map((text) => `${file}: ${text}`),
    )
    // Our own protocol begins with a request of the same name.
    expect(comparing).to.deep.equal(['src/daemon/daemon-socket/dispatch.ts: initialize'])
  })
})
