/** Lines of JSON as bytes, made safe for a terminal without making a text of those that are safe already, which are nearly all. */
import { isAscii } from 'node:buffer'
import { escapeMoving } from '../protocol/safe-json.ts'

const DEL = 0x7f

/** What `moving` finds in a text, as UTF-8 that is read byte by byte. It may find a little more: the text decides then. */
const movingBytes =
  /\x7f|\xc2[\x80-\x9f\xad]|\xd8\x9c|\xe2(?:\x80[\x8b-\x8f\xa8-\xae]|\x81[\xa0-\xaf])|\xef(?:\xbb\xbf|\xbf[\xb9-\xbb])|\xf3\xa0/

/** @param bytes whole lines of UTF-8, so that no character is cut in two; given back as they are where nothing is to be escaped */
export function safeJsonLines(bytes: Buffer): Buffer {
  if (isAscii(bytes) ? !bytes.includes(DEL) : !movingBytes.test(bytes.toString('latin1'))) return bytes
  return Buffer.from(escapeMoving(bytes.toString('utf8')))
}
