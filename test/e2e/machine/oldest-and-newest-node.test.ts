/** The built program on the oldest Node that it promises to run on, and on the newest. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import pjson from '../../../package.json' with { type: 'json' }
import { makeSite, type TestSite } from '../../support/sites/daemon-process.ts'

const root = join(import.meta.dirname, '../../..')
const program = join(root, 'bin/run.js')

interface Result {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

describe('the built program', () => {
  for (const which of ['oldest', 'newest'] as const)
    it(`shares, posts and reads back on the ${which} Node`, async function () {
      const node = join(root, `scripts/tested-nodes/node_modules/node-${which}/bin/node`)
      if (!existsSync(node)) {
        process.stderr.write(`  The ${which} Node is not tested here: npm has it for Linux on x64 only.\n`)
        this.skip()
      }
      const site = await makeSite()
      try {
        const version = (await run(node, site, '--version')).stdout
        expect(version).to.match(new RegExp(`^codex-share/${pjson.version} \\S+ node-v\\d+\\.\\d+`))
        if (which === 'oldest') expect(pjson.engines.node).to.equal(`>=${/node-v(\d+\.\d+)\.0$/m.exec(version)?.[1]}`)
        const { code, stderr } = await run(node, site, 'start', '--name', 'release')
        expect({ code, stderr: stderr.replace('starting the daemon…\n', '') }).to.deep.equal({ code: 0, stderr: '' })
        const posted = await run(node, site, 'post', '-t', 'release', '-p', 'hello')
        expect(posted.stdout).to.contain('You said: hello')
        expect((await run(node, site, 'get', '-t', 'release')).stdout).to.contain('You said: hello')
        const status = await run(node, site, 'daemon', 'status', '--json')
        expect(version).to.contain(`node-${JSON.parse(status.stdout).daemon.node}`)
      } finally {
        await run(node, site, 'daemon', 'stop', '--all')
        await site.close()
      }
    }).timeout(60_000)
})

function run(node: string, { env, dir }: TestSite, ...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    const child = spawn(node, [program, ...args], { env, cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}
