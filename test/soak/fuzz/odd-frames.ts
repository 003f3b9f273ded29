/** WebSocket frames as a client must not write them, and as it may. */
import type { Chance } from '../chance.ts'

interface FrameParts {
  readonly opcode?: number
  readonly fin?: boolean
  readonly reserved?: number
  readonly masked?: boolean
  /** What the frame says of its length, where that is not how long it is. */
  readonly length?: bigint
}

/** Text in one frame, as it should be. */
export function textFrame(payload: Buffer): Buffer {
  return frame(payload, {})
}

/** One frame, or some that belong together. */
export function oddFrames(payload: Buffer, chance: Chance): Buffer {
  return chance.pick(kinds)(payload, chance)
}

const [continuation, text, binary, close, ping, pong] = [0, 1, 2, 8, 9, 10]

const kinds: readonly ((payload: Buffer, chance: Chance) => Buffer)[] = [
  (payload, chance) => frame(payload, { opcode: chance.pick([3, 7, 11, 15]) }),
  (payload) => frame(payload, { masked: false }),
  (payload, chance) => frame(payload, { reserved: chance.pick([1, 2, 4, 7]) }),
  (payload, chance) =>
    frame(payload, { length: chance.pick([2n ** 20n + 1n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) }),
  (payload) => frame(payload, { length: BigInt(payload.length + 10) }),
  (payload) => frame(payload, { opcode: binary }),
  (payload) => frame(payload, { opcode: continuation }),
  (_payload, chance) => frame(chance.bytes(200), { opcode: chance.pick([text, ping, pong]) }),
  // Control frames are short and whole.
  (_payload, chance) => frame(chance.bytes(126), { opcode: chance.pick([close, ping, pong]) }),
  (_payload, chance) => frame(chance.bytes(4), { opcode: chance.pick([close, ping, pong]), fin: false }),
  (_payload, chance) => frame(chance.bytes(1), { opcode: close }),
  (_payload, chance) =>
    closeFrame(chance.pick([0, 999, 1000, 1004, 1005, 1006, 1015, 2999, 5000, 65_535]), chance.bytes(3)),
  (payload) => pieces(payload, [text, continuation]),
  (payload) => pieces(payload, [text, text]),
  (payload) => pieces(payload, [text, ping, continuation]),
  (payload, chance) => frame(payload, { opcode: text, fin: chance.percent(50) }),
  (_payload, chance) => Buffer.concat(chance.times(200, () => frame(Buffer.alloc(0), { opcode: text }))),
  (_payload, chance) => Buffer.concat(chance.times(500, () => frame(chance.bytes(3), { opcode: ping }))),
  (_payload, chance) =>
    Buffer.concat([
      frame(chance.bytes(1), { fin: false }),
      ...chance.times(300, () => frame(chance.bytes(1), { opcode: continuation, fin: false })),
    ]),
  (payload, chance) => {
    const bytes = frame(payload, {})
    return bytes.subarray(0, chance.below(bytes.length))
  },
  (_payload, chance) => chance.bytes(chance.pick([2, 14, 400])),
]

function closeFrame(code: number, reason: Buffer): Buffer {
  const payload = Buffer.concat([Buffer.alloc(2), reason])
  payload.writeUInt16BE(code)
  return frame(payload, { opcode: close })
}

/** The payload in as many parts as there are opcodes, of which only the last says that it is. */
function pieces(payload: Buffer, opcodes: readonly number[]): Buffer {
  const size = Math.ceil(payload.length / opcodes.length)
  const parts = opcodes.map((opcode, index) =>
    frame(payload.subarray(index * size, (index + 1) * size), { opcode, fin: index === opcodes.length - 1 }),
  )
  return Buffer.concat(parts)
}

function frame(payload: Buffer, parts: FrameParts): Buffer {
  const { opcode = text, fin = true, reserved = 0, masked = true, length = BigInt(payload.length) } = parts
  const mask = masked ? Buffer.from([1, 2, 3, 4]) : Buffer.alloc(0)
  const body = masked ? payload.map((byte, index) => byte ^ ((index % 4) + 1)) : payload
  const first = (fin ? 0x80 : 0) | (reserved << 4) | opcode
  return Buffer.concat([Buffer.from([first]), lengthBytes(length, masked), mask, body])
}

function lengthBytes(length: bigint, masked: boolean): Buffer {
  const flag = masked ? 0x80 : 0
  if (length < 126n) return Buffer.from([flag | Number(length)])
  const long = Buffer.alloc(9)
  if (length < 65_536n) {
    long[0] = flag | 126
    long.writeUInt16BE(Number(length), 1)
    return long.subarray(0, 3)
  }
  long[0] = flag | 127
  long.writeBigUInt64BE(length, 1)
  return long
}
