/** Lines of JSON as bytes, made safe for a terminal without making a text of them: nearly all are safe already. */
import { isAscii } from 'node:buffer'
import { escapeMoving } from '../../protocol/text/safe-json.ts'

const DEL = 0x7f
/** Is 1 for the first bytes of what is escaped, and of little else. */
const suspicious = new Uint8Array(256)
for (const byte of [DEL, 0xc2, 0xd8, 0xe2, 0xef, 0xf3]) suspicious[byte] = 1

/** @param bytes whole lines of UTF-8, so that no character is cut in two; given back as they are where nothing is to be escaped */
export function safeJsonLines(bytes: Buffer): Buffer {
  if (isAscii(bytes) && !bytes.includes(DEL)) return bytes
  const parts: Buffer[] = []
  let kept = 0
  for (let at = nextMoving(bytes, 0); at < bytes.length; at = nextMoving(bytes, kept)) {
    const end = at + movingLength(bytes, at)
    parts.push(bytes.subarray(kept, at), Buffer.from(escapeMoving(bytes.toString('utf8', at, end))))
    kept = end
  }
  return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(kept)])
}

/** Where the next character is that `moving` finds; the length of the bytes when there is none. */
function nextMoving(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at += 1)
    if (suspicious[bytes[at] ?? 0] === 1 && movingLength(bytes, at) > 0) return at
  return bytes.length
}

/** How many bytes the character at this place has, when `moving` finds it; otherwise 0. */
function movingLength(bytes: Buffer, at: number): number {
  const second = bytes[at + 1] ?? 0
  const third = bytes[at + 2] ?? 0
  switch (bytes[at]) {
    case DEL:
      return 1
    case 0xc2: // C1, soft hyphen
      return second < 0xa0 || second === 0xad ? 2 : 0
    case 0xd8: // Arabic letter mark
      return second === 0x9c ? 2 : 0
    case 0xe2: // U+200B to U+200F, U+2028 to U+202E, U+2060 to U+206F
      if (second === 0x81) return third >= 0xa0 && third <= 0xaf ? 3 : 0
      return second === 0x80 && ((third >= 0x8b && third <= 0x8f) || (third >= 0xa8 && third <= 0xae)) ? 3 : 0
    case 0xef: // byte order mark, annotations
      if (second === 0xbb) return third === 0xbf ? 3 : 0
      return second === 0xbf && third >= 0xb9 && third <= 0xbb ? 3 : 0
    case 0xf3: // tags
      return second === 0xa0 ? 4 : 0
    default:
      return 0
  }
}
