/** Programs of the system's, run to their end. */
import { expect } from 'chai'
import { runTool } from '../../../../src/platform/system/run-tool.ts'

const { env } = process
const sh = (script: string, options: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
  runTool('sh', ['-c', script], { env, ...options })

describe('A tool', () => {
  it('is run to its end, for what it prints and its exit code', async () => {
    const results = await Promise.all([sh('echo yes'), sh('echo no >&2; exit 3')])
    expect(results).to.deep.equal([
      { code: 0, stdout: 'yes\n', complaint: '', missing: false, late: false },
      { code: 3, stdout: '', complaint: 'no', missing: false, late: false },
    ])
  })

  it('is killed when it does not end in time, also where something else holds its output', async () => {
    const { code, complaint, late } = await sh('sleep 60 & wait', { timeoutMs: 100 })
    expect([code, complaint, late]).to.deep.equal([null, 'sh did not end within 0.1 s', true])
  })

  it('is killed when nobody wants it any more, which is not its lateness', async () => {
    const { code, late } = await sh('sleep 60 & wait', { signal: AbortSignal.timeout(100) })
    expect([code, late]).to.deep.equal([null, false])
  })

  it('may be missing', async () => {
    const { code, missing, late } = await runTool('no-such-program', [], { env })
    expect([code, missing, late]).to.deep.equal([null, true, false])
  })
})
