/** Output that cannot be written: a real pipe that is closed at its other end, and a disk that is full. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect } from 'chai'

describe('When nobody reads on', () => {
  let child: ChildProcess
  afterEach(() => child.kill('SIGKILL'))

  /** A process that writes to `stream` for ever, and says `still here` on the other one from time to time. */
  function startWriter(stream: 'stdout' | 'stderr', except: boolean): ChildProcess {
    const other = stream === 'stdout' ? 'stderr' : 'stdout'
    const script = `
      import { endWhenOutputFails } from './src/cli/broken-pipe.ts'
      endWhenOutputFails({ except: ${except} })
      process.${stream}.on('error', () => setInterval(() => process.${other}.write('still here\\n'), 10))
      setInterval(() => process.${stream}.write('more\\n'), 1)`
    child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'pipe'] })
    return child
  }

  it('a process ends with 0 and says nothing, when it was its stdout', async () => {
    const { stdout, stderr } = startWriter('stdout', false)
    if (stdout) await once(stdout, 'data')
    stdout?.destroy()
    const [[code], talk] = await Promise.all([once(child, 'exit'), stderr?.toArray()])
    expect([code, talk]).to.deep.equal([0, []])
  })

  it('the daemon goes on', async () => {
    const { stdout, stderr } = startWriter('stdout', true)
    if (stdout) await once(stdout, 'data')
    stdout?.destroy()
    const [talk] = stderr ? await once(stderr, 'data') : []
    expect(String(talk)).to.match(/^still here/)
  })

  it('a process goes on when it was its stderr', async () => {
    const { stdout, stderr } = startWriter('stderr', false)
    if (stderr) await once(stderr, 'data')
    stderr?.destroy()
    const [result] = stdout ? await once(stdout, 'data') : []
    expect(String(result)).to.match(/^still here/)
  })
})
