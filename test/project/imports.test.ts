/** Holds the one direction in which the folders of src import each other. */
import { globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import {
  type ImportRules,
  importCycles,
  importsByFile,
  importsByRoom,
  importsOf,
  importViolations,
  namesTwice,
} from './import-walk.ts'

const rules: ImportRules = {
  folders: {
    protocol: [],
    platform: ['protocol'],
    rpc: ['protocol', 'platform'],
    ledger: ['protocol', 'platform'],
    codex: ['rpc', 'protocol', 'platform'],
    client: ['rpc', 'supervision', 'protocol', 'platform'],
    supervision: ['codex', 'protocol', 'platform'],
    doctor: ['client', 'codex', 'supervision', 'protocol', 'platform'],
    render: ['protocol'],
    tui: ['client', 'codex', 'render', 'protocol', 'platform'],
    daemon: ['ledger', 'codex', 'supervision', 'rpc', 'protocol', 'platform'],
    demo: ['client', 'render', 'protocol', 'platform'],
    cli: ['protocol', 'platform'],
    commands: ['cli', 'tui', 'client', 'demo', 'render', 'supervision', 'doctor', 'protocol', 'platform'],
  },
  // One runs the daemon, one hands the terminal to the Codex that is installed, and one looks whether the one that is named is there.
  files: {
    'src/commands/daemon/run.ts': ['daemon'],
    'src/commands/share/attach.ts': ['codex'],
    'src/commands/base/daemon-command.ts': ['codex'],
  },
  packages: {
    'node-ipc': ['rpc'],
    'jsonrpc-lite': ['rpc'],
    'better-sqlite3': ['ledger', 'doctor'],
    ws: ['codex', 'daemon'],
    pino: ['platform', 'daemon'],
    'rotating-file-stream': ['platform', 'daemon'],
    'proper-lockfile': ['platform', 'client', 'daemon'],
    'env-paths': ['platform'],
    '@oclif/*': ['cli', 'commands'],
    ink: ['tui'],
    'ink-*': ['tui'],
    react: ['tui'],
    'get-east-asian-width': ['render'],
  },
  pure: { protocol: [], render: ['node:util'] },
}

describe('The imports of the source', () => {
  it('go one way', () => {
    expect(importViolations(path.join(import.meta.dirname, '../..'), rules)).to.deep.equal([])
  })

  it('can go round in no circle of folders', () => {
    expect(importCycles(rules.folders)).to.deep.equal([])
  })

  it('go round in no circle of files', () => {
    expect(importCycles(importsByFile(path.join(import.meta.dirname, '../..')))).to.deep.equal([])
  })
})

describe('The rooms of the source', () => {
  const root = path.join(import.meta.dirname, '../..')

  it('beside each other do not import each other in a circle', () => {
    expect(importCycles(importsByRoom(importsByFile(root)))).to.deep.equal([])
  })

  it('hold no more names than fit on a screen', () => {
    const folders = globSync('src/**/', { cwd: root })
    const crowded = folders.filter((folder) => readdirSync(path.join(root, folder)).length > 16)
    expect(crowded).to.deep.equal([])
  })

  it('export each name once', () => {
    expect(namesTwice(root)).to.deep.equal([])
  })
})

describe('The walk over the imports', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'codex-share-imports-'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  function write(file: string, text: string): void {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
  }

  it('names the file and the line of every import that goes the wrong way', () => {
    write('src/client/a.ts', "import {\n  x,\n} from '../daemon/b.ts'\nimport type { Y } from '../ledger/c.ts'\n")
    write('src/commands/daemon/run.ts', "export const run = () => import('../../daemon/b.ts')\n")
    write('src/commands/daemon/stop.ts', "export const run = () => import('../../daemon/b.ts')\n")
    write('src/protocol/d.ts', "import 'node:fs'\nexport { z } from '../../generated/codex/z.ts'\n")
    write('src/render/e.ts', "import WebSocket from 'ws'\nexport * from '../protocol/d.ts'\n")
    write('src/spare/f.ts', "import './g.ts'\n")
    expect(importViolations(root, rules)).to.deep.equal([
      'src/client/a.ts:3: imports ../daemon/b.ts, but client may only import rpc, supervision, protocol, platform',
      'src/client/a.ts:4: imports ../ledger/c.ts, but client may only import rpc, supervision, protocol, platform',
      `src/commands/daemon/stop.ts:1: imports ../../daemon/b.ts, but commands may only import ${rules.folders.commands?.join(', ')}`,
      'src/protocol/d.ts:1: imports node:fs, but protocol is pure',
      'src/protocol/d.ts:2: imports ../../generated/codex/z.ts, but generated types are imported as types only',
      'src/render/e.ts:1: imports ws, but only codex, daemon may know that package',
      'src/spare/f.ts:1: imports ./g.ts, but the folder spare has no row in the table',
    ])
  })

  it('does not take comments for imports', () => {
    expect(importsOf("// import './a.ts'\n/* from './b.ts' */\nconst c = 1 // see import('./c.ts')\n")).to.deep.equal(
      [],
    )
  })

  it('finds rooms beside each other that go round in a circle, and no folder with its own rooms', () => {
    write('src/a/one/b.ts', "import { c } from '../two/c.ts'\nimport { d } from '../d.ts'\n")
    write('src/a/two/c.ts', "import type { E } from '../one/deep/e.ts'\n")
    write('src/a/one/deep/e.ts', "import { f } from '../../../b/f.ts'\n")
    write('src/a/d.ts', "import { b } from './one/b.ts'\n")
    expect(importCycles(importsByRoom(importsByFile(root)))).to.deep.equal(['src/a/one → src/a/two → src/a/one'])
  })

  it('finds a name that two files export', () => {
    write('src/a/one.ts', 'export interface Thing {}\nexport const thing = 1\n')
    write('src/b/two.tsx', 'export async function thing() {}\n')
    expect(namesTwice(root)).to.deep.equal(['thing: src/a/one.ts, src/b/two.tsx'])
  })

  it('finds a circle, also one of types alone', () => {
    write('src/a/one.ts', "import { two } from './two.ts'\n")
    write('src/a/two.ts', "import type { Three } from '../b/three.tsx'\n")
    write('src/b/three.tsx', "export const load = () => import('../a/two.ts')\nimport 'node:fs'\n")
    expect(importCycles(importsByFile(root))).to.deep.equal(['src/a/two.ts → src/b/three.tsx → src/a/two.ts'])
  })
})
