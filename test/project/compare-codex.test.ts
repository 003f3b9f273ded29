/** `npm run compare-codex`: what it tells of two protocols, and by which exit code. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { changes } from '../../scripts/codex/protocol-changes.ts'
import type { Protocol, Schema } from '../../scripts/codex/read-protocol.ts'

const root = join(import.meta.dirname, '../..')
const pinned = join(root, 'node_modules/.bin/codex')

describe('What two protocols differ in', () => {
  const types: Record<string, Schema> = {
    TurnStartParams: {
      type: 'object',
      required: ['threadId'],
      properties: {
        threadId: { type: 'string' },
        effort: { anyOf: [{ $ref: '#/definitions/Effort' }, { type: 'null' }] },
      },
    },
    TurnStartResponse: { type: 'object', properties: { turn: { $ref: '#/definitions/Turn' } } },
    Turn: { type: 'object', properties: { items: { type: 'array', items: { $ref: '#/definitions/Item' } } } },
    Item: {
      oneOf: [
        { properties: { type: { enum: ['message'] }, text: { type: 'string' } } },
        { properties: { type: { enum: ['plan'] }, text: { type: 'string' } } },
      ],
    },
    Effort: { enum: ['low', 'high'] },
  }
  const turnStart = {
    properties: { method: { enum: ['turn/start'] }, params: { $ref: '#/definitions/TurnStartParams' } },
  }

  function protocol(
    more: Record<string, Schema> = {},
    methods: Record<string, Schema> = { 'turn/start': turnStart },
  ): Protocol {
    const none = { definitions: {}, methods: new Map() }
    return {
      types: new Map(Object.entries({ ...types, ...more })),
      ClientRequest: { definitions: {}, methods: new Map(Object.entries(methods)) },
      ClientNotification: none,
      ServerRequest: none,
      ServerNotification: none,
    }
  }

  it('is nothing where they are the same', () => {
    expect(changes(protocol(), protocol())).to.deep.equal([])
  })

  it('are messages that came and went', () => {
    expect(changes(protocol({}, {}), protocol())).to.deep.equal(['added    ClientRequest  turn/start'])
    expect(changes(protocol(), protocol({}, {}))).to.deep.equal(['gone     ClientRequest  turn/start'])
  })

  it('are the forms of what is deep in a result, told once, with the messages that have it', () => {
    const plan = { properties: { type: { enum: ['plan'] }, text: { type: 'array', items: { type: 'string' } } } }
    const Item = { oneOf: [{ properties: { type: { enum: ['message'] }, text: { type: 'string' } } }, plan] }
    expect(changes(protocol(), protocol({ Item }))).to.deep.equal([
      'changed  type  Item  in turn/start (result)',
      '    - <plan>.text?: string',
      '    + <plan>.text?: array',
      '    + <plan>.text?[]: string',
    ])
  })

  it('are values of an enumeration, and what is required', () => {
    const TurnStartParams = { ...types.TurnStartParams, required: [] }
    const Effort = { enum: ['low', 'high', 'highest'] }
    expect(changes(protocol(), protocol({ TurnStartParams, Effort }))).to.deep.equal([
      'changed  type  Effort  in turn/start',
      '    + (itself): "highest"',
      'changed  type  TurnStartParams  in turn/start',
      '    - .threadId: string',
      '    + .threadId?: string',
    ])
  })
})

describe('npm run compare-codex', function () {
  this.timeout(60_000)
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'compare-codex-test-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function compare(other: string, env: NodeJS.ProcessEnv = {}) {
    return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      const args = [join(root, 'scripts/codex/compare-codex.ts'), other]
      const options = { env: { ...process.env, XDG_CACHE_HOME: folder, ...env }, cwd: root }
      execFile(process.execPath, args, options, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      )
    })
  }

  /** The pinned Codex, but for what this shell does at its end. */
  function otherCodex(atTheEnd: string, version = 'exec "$real" --version'): string {
    const path = join(folder, 'codex')
    const script = `#!/bin/sh\nreal='${pinned}'\ncase "$*" in --version) ${version};; esac\n"$real" "$@" || exit\n${atTheEnd}\n`
    writeFileSync(path, script, { mode: 0o755 })
    return path
  }

  it('ends with 0 when they speak the same', async () => {
    const { code, stdout, stderr } = await compare(pinned)
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '' })
    expect(stderr).to.match(/^Codex (\S+) → \1: nothing changed\n$/)
  })

  it('ends with 1 when the form of a result is another, and tells which', async () => {
    const bundle = '"$4"/codex_app_server_protocol.schemas.json'
    const { code, stdout } = await compare(otherCodex(`sed -i 's/"durationMs"/"tookMs"/' ${bundle}`))
    expect(code).to.equal(1)
    expect(stdout).to.match(/^changed {2}type {2}Turn {2}in .*\n(?: .*\n)*? {4}- \.durationMs\?: .*\n/m)
  })

  it('ends with 2 when they cannot be compared, and says why in a sentence', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end('{}')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const cases = [
      ['/nowhere/codex', 'Error: there is no program /nowhere/codex\n'],
      ['99.9.9', 'Error: npm has no @openai/codex 99.9.9\n'],
      [otherCodex('', 'echo "codex-cli 0.12.0"; exit'), 'Error: Codex 0.12.0 is too old: '],
    ] as const
    for (const [other, words] of cases) {
      const { code, stdout, stderr } = await compare(other, { npm_config_registry: `http://127.0.0.1:${port}/` })
      expect({ other, code, stdout }).to.deep.equal({ other, code: 2, stdout: '' })
      expect(stderr).to.contain(words)
      expect(stderr).not.to.match(/\n\s+at /)
    }
    server.close()
  })
})
