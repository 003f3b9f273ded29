/** A soak as a test, for SOAK_SECONDS; 15 s by default. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'

const seconds = Number(process.env.SOAK_SECONDS ?? 15)
const program = join(import.meta.dirname, 'run-history.ts')

/** A failure shows the history around it, and the seed that brings the same choices back. */
export function describeSoak(seed: number): void {
  describe('A history under random faults', function () {
    this.timeout((seconds + 180) * 1000)

    it(`keeps all promises for ${seconds} s (seed ${seed})`, async () => {
      const args = [program, '--seconds', String(seconds), '--seed', String(seed)]
      const soak = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      let output = ''
      soak.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
      const code = await new Promise((resolve) => soak.once('close', resolve))
      if (code !== 0) expect.fail(`run-history.ts ended with ${code}:\n${output}`)
      expect(output).to.match(/\nall promises kept\n$/)
    })
  })
}
