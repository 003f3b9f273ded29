/**
 * JSON for people's terminals: what would move, reorder or hide text there is written as `\uXXXX`, so that every value stays what it is
 * when it is parsed. JSON itself only has C0 controls written like that. Pure.
 */

/** DEL and C1, soft hyphen, bidirectional and zero-width characters, line separators, invisible operators, annotations, tags. */
const moving =
  /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu

/** @param value what JSON can hold: never undefined */
export function safeJson(value: unknown): string {
  return escapeMoving(JSON.stringify(value))
}

/** The same for a text that is JSON already. */
export function escapeMoving(json: string): string {
  return json.replace(moving, (character) => character.split('').map(escapeUnit).join(''))
}

/** The same for a line that may be no JSON at all, where C0 can stand as it is. */
export function escapeControls(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
  return escapeMoving(line.replace(/[\u0000-\u0008\u000a-\u001f]/g, escapeUnit))
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
