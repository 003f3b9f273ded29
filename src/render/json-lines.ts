/** JSON that is there already as bytes, as lines: nothing is parsed or written again. */

const LF = 0x0a

/** One buffer with each text on a line of its own. */
export function joinLines(texts: readonly Uint8Array[]): Buffer {
  let length = texts.length
  for (const text of texts) length += text.length
  const lines = Buffer.allocUnsafe(length)
  let at = 0
  for (const text of texts) {
    lines.set(text, at)
    at += text.length
    lines[at++] = LF
  }
  return lines
}
