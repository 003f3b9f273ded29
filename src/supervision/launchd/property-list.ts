/** Text as it stands in a property list. */
import { ShareError } from '../../protocol/errors.ts'

/** @throws ShareError `usage` for what XML has no way to write */
export function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what cannot be written.
  if (/[\u0000-\u001f\u007f]/.test(text))
    throw new ShareError('usage', `${JSON.stringify(text)} has a control character, which a property list cannot hold`)
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

export function unescapeXml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

/** The value of a variable of an agent; undefined where the property list, as we write them, does not have it. */
export function variableIn(plist: string, name: string): string | undefined {
  const [, value] = new RegExp(`<key>${name}</key>\\s*<string>(.*?)</string>`).exec(plist) ?? []
  return value === undefined ? undefined : unescapeXml(value)
}
