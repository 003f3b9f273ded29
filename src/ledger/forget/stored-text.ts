/** The forms in which a text may stand in the ledger's JSON. Pure. */

/**
 * Strings are stored as JSON, and may hold JSON themselves (a tool's arguments, what a program printed), also with all but ASCII escaped.
 * Each form is to be looked for in an event's stored text, byte by byte.
 */
export function storedForms(text: string): string[] {
  const quoted = escaped(text)
  return [...new Set([text, quoted, asciiOnly(quoted), escaped(quoted)].map(escaped))]
}

/** As it stands between the quotes of a JSON string. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function asciiOnly(json: string): string {
  return json.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
