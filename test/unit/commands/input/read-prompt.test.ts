/** The forms of `--prompt`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect } from 'chai'
import { longestPrompt, readPrompt } from '../../../../src/commands/input/read-prompt.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

async function usageMessage(prompt: Promise<string>): Promise<string> {
  const error = await prompt.then(
    () => undefined,
    (failure: unknown) => failure,
  )
  if (error instanceof ShareError && error.errorName === 'usage') return error.message
  throw new Error(`no usage error: ${String(error)}`)
}

const noInput = Readable.from([])

describe('--prompt', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'codex-share-prompt-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('takes the text itself, standard input, or a file, without their last line end', async () => {
    const file = join(folder, 'task.md')
    writeFileSync(file, '# Task\n\nDo it.\n')
    const input = Readable.from([Buffer.from('from '), Buffer.from('a pipe\r\n')])
    expect([
      await readPrompt(' as is ', noInput),
      await readPrompt('-', input),
      await readPrompt(`@${file}`, noInput),
    ]).to.deep.equal([' as is ', 'from a pipe', '# Task\n\nDo it.'])
  })

  it('takes 1 MiB and not a byte more', async () => {
    const whole = 'x'.repeat(longestPrompt)
    expect((await readPrompt(whole, noInput)).length).to.equal(longestPrompt)
    expect(await usageMessage(readPrompt(`${whole}x`, noInput))).to.equal('the prompt is longer than 1 MiB')
    let given = 0
    const endless = (function* () {
      for (; ; given += 65536) yield Buffer.alloc(65536, 'x')
    })()
    expect(await usageMessage(readPrompt('-', Readable.from(endless, { highWaterMark: 1 })))).to.equal(
      'the prompt is longer than 1 MiB',
    )
    expect(given).to.be.below(2 * longestPrompt)
  })

  it('refuses what is empty, no text, or not there', async () => {
    expect(await usageMessage(readPrompt('', noInput))).to.equal('the prompt is empty')
    expect(await usageMessage(readPrompt(' \n', noInput))).to.equal('the prompt is empty')
    expect(await usageMessage(readPrompt('-', Readable.from([])))).to.equal('the prompt is empty')
    expect(await usageMessage(readPrompt('-', Readable.from([Buffer.from([0xff])])))).to.equal(
      'the prompt is not valid UTF-8',
    )
    expect(await usageMessage(readPrompt(`@${folder}/none`, noInput))).to.match(
      /^the prompt file cannot be read: ENOENT/,
    )
    expect(await usageMessage(readPrompt(`@${folder}`, noInput))).to.match(/^the prompt file cannot be read: EISDIR/)
  })
})
