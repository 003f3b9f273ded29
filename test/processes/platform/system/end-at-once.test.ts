/** A program that uses the C library ends, also where its stdout is on a disk that is broken. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'
import { noStrace } from '../../../support/system/strace.ts'

const library = join(import.meta.dirname, '../../../../src/platform/system/c-library.ts')

describe('The end of a program that uses the C library', () => {
  let scratch: Scratch
  beforeEach(() => {
    scratch = makeScratch()
  })
  afterEach(() => scratch.remove())

  /** How a program ends that has loaded the library and then does this, and what it said. */
  async function end(last: string, strace: readonly string[] = []) {
    const script = `
      import { endAtOnce, resourceLimit } from ${JSON.stringify(library)}
      endAtOnce()
      if (resourceLimit(7) === undefined) throw new Error('the library was not loaded')
      ${last}`
    const [program = '', ...args] = [...strace, process.execPath, '--input-type=module', '--eval', script]
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
    const code = await new Promise((resolve) => child.once('close', resolve))
    return { code, said }
  }

  it('comes where stdout and stderr cannot be synced', async function () {
    const reason = noStrace()
    if (reason !== null) {
      process.stderr.write(`  A disk that fails is not tested here: ${reason}\n`)
      this.skip()
    }
    const strace = [
      'strace',
      '-f',
      '-o',
      join(scratch.dir, 'calls'),
      '-e',
      'trace=fsync',
      '-e',
      'inject=fsync:error=EIO',
    ]
    expect(await end('', strace)).to.deep.equal({ code: 0, said: '' })
  })

  it('comes behind all that was to be done then, with the code that was set', async () => {
    const last =
      "process.once('exit', () => { process.stdout.write('late'); process.exitCode = 4 }); process.exitCode = 3"
    expect(await end(last)).to.deep.equal({ code: 4, said: 'late' })
  })

  it('comes with the error that nobody caught', async () => {
    const { code, said } = await end("throw new Error('not caught')")
    expect(code).to.equal(1)
    expect(said).to.include('not caught')
  })
})
