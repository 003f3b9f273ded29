/** How failures are told, on stderr and stdout of a process of its own. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { wantsJson } from '../../../src/cli/failure.ts'

/** Runs `reportFailure` on what `expression` makes; `ShareError` and oclif's `Errors` can be used in it. */
async function report(expression: string, json: boolean) {
  const script = `
    import { Errors } from '@oclif/core'
    import { reportFailure } from './src/cli/failure.ts'
    import { ShareError } from './src/protocol/errors.ts'
    let error
    try { error = ${expression} } catch (thrown) { error = thrown }
    console.log('exit ' + reportFailure(error, { json: ${json} }))`
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  return { stdout, stderr }
}

describe('A failure', () => {
  it('is told with its hint, and ends with the exit code of the table', async () => {
    expect(await report(`new ShareError('busy', 'A turn is running.', { hint: 'Wait.' })`, false)).to.deep.equal({
      stdout: 'exit 3\n',
      stderr: 'Error: A turn is running.\nWait.\n',
    })
  })

  it('shows what others wrote as marks', async () => {
    const error = `new ShareError('busy', 'a turn by ada\\u001b[2J\\r', { hint: 'Wait\\u202e.' })`
    const { stdout, stderr } = await report(error, true)
    expect(stderr).to.equal('Error: a turn by ada␛[2J␍\nWait\\u{202e}.\n')
    expect(stdout).to.include('ada\\u001b[2J\\r').and.to.include('Wait\\u202e.')
  })

  it('is one JSON object on stdout too when that was asked for, with its facts', async () => {
    const { stdout } = await report(
      `new ShareError('busy', 'A turn is running.', { hint: 'Wait.', facts: { turnId: 't1', name: 'not this' } })`,
      true,
    )
    const [line = '', exit] = stdout.split('\n')
    expect(JSON.parse(line)).to.deep.equal({
      error: { turnId: 't1', name: 'busy', code: -32010, message: 'A turn is running.', hint: 'Wait.' },
    })
    expect(exit).to.equal('exit 3')
  })

  it('of the arguments is `usage`, whichever way oclif says it', async () => {
    const usage = { stdout: 'exit 2\n', stderr: 'Error: there is no flag --x\nSee --help for the arguments.\n' }
    const message = `'Nonexistent flag: --x\\nSee more help with --help'`
    expect(await report(`Errors.error(${message}, { exit: 2 })`, false)).to.deep.equal(usage)
    expect(await report(`Errors.error(${message}, { exit: 127 })`, false)).to.deep.equal(usage)
  })

  it('that nobody foresaw is told with its stack', async () => {
    const { stdout, stderr } = await report(`new TypeError('x is not a function')`, false)
    expect(stdout).to.equal('exit 1\n')
    expect(stderr).to.match(/^TypeError: x is not a function\n {4}at .*\n/)
    expect(stderr).to.match(/\nLook at `codex-share daemon logs`, and report what you see\.\n$/)
  })

  it('says nothing when a command just asks to leave', async () => {
    expect(await report('Errors.exit(8)', true)).to.deep.equal({ stdout: 'exit 8\n', stderr: '' })
  })
})

describe('`--json`', () => {
  it('counts before a `--` only', () => {
    expect(wantsJson(['post', '--json'])).to.equal(true)
    expect(wantsJson(['post', '--', '--json'])).to.equal(false)
  })
})
