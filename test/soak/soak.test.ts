/** Two soaks, one that is always the same and one that is new; together SOAK_SECONDS, half a minute by default. A failure names its seed. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'

const seconds = Number(process.env.SOAK_SECONDS ?? 30) / 2
const program = join(import.meta.dirname, 'history/run-history.ts')

describe('A history under random faults', function () {
  this.timeout((seconds + 180) * 1000)

  for (const seed of [1, Date.now() % 1_000_000])
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
