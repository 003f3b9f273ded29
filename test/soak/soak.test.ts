/** The soak, for as long as SOAK_SECONDS says; 15 s unless told. A failure names the seed that brings it back. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'

const seconds = Number(process.env.SOAK_SECONDS ?? 15)

describe('under random failures of everything', function () {
  this.timeout((seconds + 180) * 1000)

  it(`all promises are kept for ${seconds} s`, async () => {
    const soak = spawn(process.execPath, [join(import.meta.dirname, 'run-soak.ts'), '--seconds', String(seconds)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    soak.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    const code = await new Promise((resolve) => soak.once('close', resolve))
    expect({ code, output }).to.deep.equal({ code: 0, output: `${output.trimEnd()}\n` })
    expect(output).to.include('all promises kept')
  })
})
