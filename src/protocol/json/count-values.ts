/** Counts the values of a JSON text without parsing it: many small ones hold a parser up, and everybody behind it, while one long one does not. */

const [quote, comma, backslash, bracket, brace] = [0x22, 0x2c, 0x5c, 0x5b, 0x7b]

/** Stops at the limit. Of text that is no JSON the count says nothing, and the parser finds out. */
export function hasMoreValuesThan(most: number, json: Buffer): boolean {
  // A value takes two bytes at least, with what stands between it and the next.
  if (json.length < most * 2) return false
  let count = 1
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]
    if (byte === quote) at = endOfString(json, at)
    else if (byte === comma || byte === bracket || byte === brace) {
      count += 1
      if (count > most) return true
    }
  }
  return false
}

/** Where the string that begins there ends; the end of the text where it does not. */
function endOfString(json: Buffer, start: number): number {
  const next = json.indexOf(quote, start + 1)
  if (next === -1) return json.length
  if (json[next - 1] !== backslash) return next
  // Byte by byte: a search for each of many escaped quotes would take longer.
  let at = start + 1
  for (; at < json.length && json[at] !== quote; at += 1) if (json[at] === backslash) at += 1
  return at
}
