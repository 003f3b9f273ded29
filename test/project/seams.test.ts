/** What is described in one table is missed in that table alone: the type check says so when there is one more of each. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'

interface OneMore {
  readonly file: string
  /** What it is put behind in the file; a file without it is made up as a whole. */
  readonly behind?: string
  readonly added: string
  readonly missedIn: readonly string[]
}

const oneMore: readonly OneMore[] = [
  {
    file: 'src/commands/output/formats.ts',
    behind: "formatNames = ['text', ",
    added: "'made-up', ",
    missedIn: ['src/commands/output/formats.ts'],
  },
  {
    file: 'generated/codex/ServerNotification.ts',
    behind: 'export type ServerNotification =',
    added: '{ "method": "made/up", "params": object } | ',
    missedIn: ['src/protocol/notifications.ts'],
  },
  {
    file: 'generated/codex/ServerRequest.ts',
    behind: 'export type ServerRequest =',
    added: '{ "method": "made/up", id: RequestId, "params": object } | ',
    missedIn: ['src/protocol/questions/question-kinds.ts'],
  },
  {
    file: 'generated/codex/v2/ThreadItem.ts',
    behind: '{ "type": "contextCompaction", id: string, }',
    added: ' | { "type": "madeUp", id: string, }',
    missedIn: ['src/render/reading/read-completed-item.ts'],
  },
  {
    // Each output has to write it.
    file: 'src/render/reading/readable-event.ts',
    behind: 'export type ReadableEvent =\n',
    added: "  | { readonly kind: 'madeUp' }\n",
    missedIn: [
      'src/render/markdown/markdown-renderer.ts',
      'src/render/text/text-renderer.ts',
      'src/tui/state/transcript/reduce-events.ts',
    ],
  },
  {
    // A sink that does not say when it has room again.
    file: 'src/daemon/publishing/made-up-sink.ts',
    added: `
      import { unguarded } from '../../rpc/guard.ts'
      import type { Feed } from './feed.ts'
      const form = { before: '', after: '\\n' }
      const sink = { form, guard: unguarded, write() {}, gap() {}, caughtUp() {}, queuedBytes: 0 }
      export const follow = (feed: Feed) => feed.followAll(sink)
    `,
    missedIn: ['src/daemon/publishing/made-up-sink.ts'],
  },
]

const root = path.join(import.meta.dirname, '../..')

describe('One more format, notification, question, kind of item, kind of reading and sink', function () {
  this.timeout(120_000)
  let copy: string

  before(() => {
    copy = mkdtempSync(path.join(tmpdir(), 'codex-share-seams-'))
    for (const part of ['src', 'generated', 'package.json', 'tsconfig.json'])
      cpSync(path.join(root, part), path.join(copy, part), { recursive: true })
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))
    for (const { file, behind, added } of oneMore) add(path.join(copy, file), behind, added)
  })
  after(() => rmSync(copy, { recursive: true }))

  function add(file: string, behind: string | undefined, added: string): void {
    const text = behind === undefined ? '' : readFileSync(file, 'utf8')
    expect(text, `what ${file} has it put behind`).to.include(behind ?? '')
    writeFileSync(file, behind === undefined ? added : text.replace(behind, `${behind}${added}`))
  }

  it('is missed where it belongs, and nowhere else', () => {
    const { compilerOptions } = JSON.parse(readFileSync(path.join(copy, 'tsconfig.json'), 'utf8'))
    writeFileSync(path.join(copy, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }))
    const tsc = path.join(root, 'node_modules/typescript/lib/tsc.js')
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: copy, encoding: 'utf8' })
    // A line that cannot be is complained of once, in however many ways.
    const lines = new Set(Array.from(stdout.matchAll(/^(\S+\(\d+),\d+\): error/gm), ([, line = '']) => line))
    const complaints = [...lines].map((line) => line.replace(/\(.*/, ''))
    expect(complaints.sort(), stdout).to.deep.equal(oneMore.flatMap(({ missedIn }) => missedIn).sort())
  })
})
