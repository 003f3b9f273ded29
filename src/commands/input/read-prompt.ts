/** Reads the value of `--prompt`, or of another flag like it: the text itself, `-` for standard input, `@FILE` for a file. */
import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { untilAborted } from '../../platform/time/until-aborted.ts'
import { ShareError } from '../../protocol/errors.ts'

export const longestPrompt = 1024 * 1024

/** As it is called in errors. */
interface TextFlag {
  readonly flag: string
  readonly what: string
}

/**
 * @returns the prompt, without the line end that files and pipes have
 * @throws ShareError `usage` when it is empty, too long, not UTF-8, or cannot be read
 */
export function readPrompt(value: string, stdin: AsyncIterable<unknown>): Promise<string> {
  return readText(value, stdin, { flag: '--prompt', what: 'prompt' })
}

interface OwnPromptOptions {
  /** Gives it up; its reason is thrown. */
  readonly signal: AbortSignal
  readonly notice: (text: string) => void
}

/** As `readPrompt`, with `-` for this process's own stdin, where somebody may be typing. */
export function readOwnPrompt(value: string, { signal, notice }: OwnPromptOptions): Promise<string> {
  const { stdin } = process
  if (value === '-') {
    if (stdin.isTTY) notice('Type the prompt. Ctrl-D on an empty line ends it, Ctrl-C leaves.')
    signal.addEventListener('abort', () => stdin.destroy(), { once: true })
  }
  return untilAborted(readPrompt(value, stdin), signal)
}

/** As `readPrompt`, for another flag. */
export async function readText(value: string, stdin: AsyncIterable<unknown>, name: TextFlag): Promise<string> {
  const bytes = await bytesOf(value, stdin, name)
  if (bytes === undefined || bytes.length > longestPrompt) throw tooLongError(name)
  if (!isUtf8(bytes)) throw new ShareError('usage', `the ${name.what} is not valid UTF-8`)
  const text = bytes.toString('utf8').replace(/\r?\n$/, '')
  if (text.trim() === '') throw new ShareError('usage', `the ${name.what} is empty`)
  return text
}

/** Undefined when there are too many. */
async function bytesOf(value: string, stdin: AsyncIterable<unknown>, name: TextFlag): Promise<Buffer | undefined> {
  if (value === '-') return await readAll(stdin, 'standard input')
  return value.startsWith('@') ? await readFile(value.slice(1), name) : Buffer.from(value)
}

async function readFile(path: string, { flag, what }: TextFlag): Promise<Buffer | undefined> {
  try {
    await using file = await open(path)
    return await readAll(file.createReadStream({ autoClose: false }), path)
  } catch (cause) {
    if (cause instanceof ShareError) throw cause
    throw new ShareError(
      'usage',
      `the ${what} file cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
        hint: `${flag} @FILE reads a file; a ${what} that begins with @ itself goes through ${flag} -.`,
      },
    )
  }
}

/** Stops at the limit: what a pipe or a device can bring has none of its own. */
async function readAll(source: AsyncIterable<unknown>, name: string): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of source) {
    if (!Buffer.isBuffer(chunk)) throw new ShareError('unexpected', `${name} gave something else than bytes`)
    chunks.push(chunk)
    length += chunk.length
    if (length > longestPrompt) return undefined
  }
  return Buffer.concat(chunks)
}

function tooLongError({ flag, what }: TextFlag): ShareError {
  const hint = 'Put it into a file in the folder of the thread, and ask Codex to read that.'
  return new ShareError('usage', `the ${what} is longer than 1 MiB`, flag === '--prompt' ? { hint } : {})
}
