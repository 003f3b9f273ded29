/** The garbage of run-fuzz.ts for as long as FUZZ_SECONDS says; 12 s by default. A failure names the seed that brings it back. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'

const seconds = Number(process.env.FUZZ_SECONDS ?? 12)
const seed = process.env.FUZZ_SEED ?? String(Date.now() % 1_000_000)

describe('under garbage on both sockets', function () {
  this.timeout((seconds + 120) * 1000)

  it(`who behaves is answered by the same daemon for ${seconds} s`, async () => {
    const program = join(import.meta.dirname, 'run-fuzz.ts')
    const fuzz = spawn(process.execPath, [program, '--untimed', '--seconds', String(seconds), '--seed', seed], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    fuzz.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    const code = await new Promise((resolve) => fuzz.once('close', resolve))
    if (code !== 0) expect.fail(`run-fuzz.ts ended with ${code}:\n${output}`)
    expect(output).to.match(/^fuzz: [\s\S]*\nall promises kept\n$/)
  })
})
