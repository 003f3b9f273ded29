/** Reads `--prompt`: the text itself, `-` for standard input, `@FILE` for a file. */
import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { ShareError } from '../protocol/errors.ts'

export const longestPrompt = 1024 * 1024

/**
 * @returns the prompt, without the line end that files and pipes have
 * @throws ShareError `usage` when it is empty, too long, not UTF-8, or cannot be read
 */
export async function readPrompt(flag: string, stdin: AsyncIterable<unknown>): Promise<string> {
  const bytes =
    flag === '-'
      ? await readAll(stdin, 'standard input')
      : flag.startsWith('@')
        ? await readFile(flag.slice(1))
        : Buffer.from(flag)
  if (bytes.length > longestPrompt) throw tooLong()
  if (!isUtf8(bytes)) throw new ShareError('usage', 'the prompt is not valid UTF-8')
  const prompt = bytes.toString('utf8').replace(/\r?\n$/, '')
  if (prompt.trim() === '') throw new ShareError('usage', 'the prompt is empty')
  return prompt
}

async function readFile(path: string): Promise<Buffer> {
  try {
    await using file = await open(path)
    return await readAll(file.createReadStream({ autoClose: false }), path)
  } catch (cause) {
    if (cause instanceof ShareError) throw cause
    throw new ShareError(
      'usage',
      `the prompt file cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
        hint: '--prompt @FILE reads a file; a prompt that begins with @ itself goes through --prompt -.',
      },
    )
  }
}

/** Stops at the limit: what a pipe or a device can bring has none of its own. */
async function readAll(source: AsyncIterable<unknown>, name: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of source) {
    if (!Buffer.isBuffer(chunk)) throw new ShareError('unexpected', `${name} gave something else than bytes`)
    chunks.push(chunk)
    length += chunk.length
    if (length > longestPrompt) throw tooLong()
  }
  return Buffer.concat(chunks)
}

function tooLong(): ShareError {
  return new ShareError('usage', 'the prompt is longer than 1 MiB', {
    hint: 'Put it into a file in the folder of the thread, and ask Codex to read that.',
  })
}
