/** Reads JSON that a person may have edited. */

/** Some editors put a byte order mark in front, which JSON does not allow. */
export function parseEditedJson(text: string): unknown {
  return JSON.parse(text.replace(/^\uFEFF/, ''))
}
