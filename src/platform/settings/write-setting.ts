/** Changes one setting in the user's file, and leaves the others as they were written. */
import { mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { ShareError } from '../../protocol/errors.ts'
import { isObject } from '../../protocol/json/read-json.ts'
import { reasonOf } from '../places/make-folder.ts'
import { writeWhole } from '../write-whole.ts'
import { defaultSettings, readSettings, type Settings } from './settings.ts'

/**
 * One that gets its default is taken out of the file. A file that is a link stays one.
 *
 * @throws ShareError `usage` when the file is not valid as it is; `unavailable` when it cannot be written
 */
export async function writeSetting<Name extends keyof Settings>(
  file: string,
  name: Name,
  value: Settings[Name],
): Promise<void> {
  if (readSettings(file)[name] === value) return
  const before = readObject(file)
  const { [name]: _former, ...others } = before ?? {}
  const after = value === defaultSettings[name] ? others : { ...others, [name]: value }
  try {
    if (before === undefined) mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    await writeWhole(before === undefined ? file : realpathSync(file), `${JSON.stringify(after, null, 2)}\n`)
  } catch (cause) {
    throw new ShareError('unavailable', `the settings file ${file} cannot be written: ${reasonOf(cause)}`, {
      hint: `Set ${JSON.stringify(name)} to ${JSON.stringify(value)} in it yourself.`,
      cause,
    })
  }
}

/** Undefined where there is none. It was found valid before. */
function readObject(file: string): Record<string, unknown> | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
  return isObject(value) ? { ...value } : {}
}
