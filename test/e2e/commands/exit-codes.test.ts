/** The exit codes that only a daemon gives that misbehaves. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { type ScriptedDaemon, startScriptedDaemon, threadId } from '../../support/sites/scripted-daemon.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')

describe('A command against a daemon that misbehaves', function () {
  this.timeout(60_000)
  let daemon: ScriptedDaemon
  beforeEach(async () => {
    daemon = await startScriptedDaemon()
  })
  afterEach(() => daemon.close())

  /** Asynchronous, since the daemon that answers is in this very process. */
  function run(...args: string[]): Promise<{ code: number | null; stderr: string }> {
    const { runtimeDir } = daemon.places
    const child = spawn(process.execPath, [program, ...args, '--server', `unix://${daemon.endpoint.path}`], {
      env: { ...process.env, CODEX_SHARE_RUNTIME_DIR: join(runtimeDir, '../other'), NO_COLOR: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, stderr })))
  }

  const shared = {
    opened: 'already',
    thread: {
      threadId,
      name: null,
      cwd: null,
      preview: null,
      openedAt: '2026-11-22T00:00:00.000Z',
      updatedAt: '2026-11-22T00:00:00.000Z',
      head: 0,
      peers: 0,
      turn: null,
    },
  }

  it('ends with 1 and without a stack when the answer makes no sense', async () => {
    daemon.on('share/list', () => 'no')
    const { code, stderr } = await run('list')
    expect(code).to.equal(1)
    expect(stderr).to.match(
      /^Error: the daemon at unix:\S+ answered share\/list in a form this program does not know: .*\nBring both .*\n$/,
    )
  })

  it('ends with 5 when nobody is there', async () => {
    await daemon.leave()
    const { code, stderr } = await run('list')
    expect(code).to.equal(5)
    expect(stderr).to.match(/^Error: cannot reach the daemon at unix:\S+: connect ENOENT \S+\nCheck --server/)
    await daemon.listen()
  })

  it('ends with 6 and names the request id when the daemon goes and nobody knows what became of the prompt', async () => {
    daemon.on('share/resolve', () => shared)
    daemon.on('turn/start', () => {
      void daemon.leave()
      return new Promise(() => {})
    })
    const { code, stderr } = await run('post', '-t', 'x', '-p', 'y', '--request-id', 'r-1')
    expect(code).to.equal(6)
    expect(stderr).to.match(
      /^connection lost: cannot reach .*; trying again…\nError: the connection to unix:\S+ was lost and did not come back within \d+ s: .*\nThe outcome is not known\. Repeat it with --request-id r-1: it never runs twice\.\n$/,
    )
    await daemon.listen()
  })
})
