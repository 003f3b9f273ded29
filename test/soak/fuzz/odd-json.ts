/** JSON that nobody expects: values of the wrong kind, and text that no value has. */
import type { Chance } from '../chance.ts'

/** Stands for JSON text that `JSON.stringify` does not write. */
interface Raw {
  readonly raw: string
}
/** A member that has any name, `__proto__` too. */
export type Members = readonly (readonly [name: string, value: unknown])[]

const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'toJSON', '', 'id', 'params', 'length']

const raws: readonly ((chance: Chance) => string)[] = [
  () => '1e400',
  () => '-1e400',
  () => '-0',
  () => '9007199254740993',
  () => '12345678901234567890123',
  () => '1.5',
  () => '"\\ud800"',
  () => '"\\u0000"',
  () => '{"__proto__":{"threadId":"x","id":1}}',
  () => '{"a":1,"a":2}',
  (chance) => nested(chance.pick([100, 119, 128, 500, 20_000]), chance),
  (chance) => `"${'x'.repeat(chance.pick([300, 70_000, 400_000]))}"`,
  (chance) => `[${'0,'.repeat(chance.pick([10, 50_000]))}0]`,
]

/** Levels of arrays or of objects. */
function nested(levels: number, chance: Chance): string {
  return chance.percent(50)
    ? `${'['.repeat(levels)}${']'.repeat(levels)}`
    : `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
}

/** Any value, in most cases a simple one. */
export function oddValue(chance: Chance): unknown {
  const simple = [
    null,
    true,
    false,
    0,
    -1,
    1.5,
    2 ** 31,
    2 ** 53,
    '',
    'x',
    '\n',
    '\u202e',
    '🙂',
    '../..',
    [],
    {},
    [null],
    [[]],
  ]
  if (chance.percent(70)) return chance.pick(simple)
  if (chance.percent(30)) return { [chance.pick(names)]: chance.pick(simple) }
  return { raw: chance.pick(raws)(chance) } satisfies Raw
}

/** A copy with some members taken out, others of another kind, and new ones. */
export function mutate(members: Members, chance: Chance): Members {
  const kept = members.filter(() => !chance.percent(15))
  const changed = kept.map(([name, value]) => [name, chance.percent(30) ? oddValue(chance) : value] as const)
  if (!chance.percent(30)) return changed
  return [...changed, [chance.pick(names), oddValue(chance)]]
}

/** The JSON text of an object with these members, in this order. */
export function objectText(members: Members): string {
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${valueText(value)}`).join(',')}}`
}

export function valueText(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'raw' in value && typeof value.raw === 'string') return value.raw
  return JSON.stringify(value)
}

/** Text that is not what it was: cut off, with other bytes in it, doubled. */
export function damage(text: string, chance: Chance): Buffer {
  const bytes = Buffer.from(text)
  const at = chance.below(bytes.length + 1)
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)]
  const between = chance.pick([Buffer.alloc(0), Buffer.from([0xff, 0xfe]), Buffer.from([0]), Buffer.from('}{'), bytes])
  return chance.percent(30) ? before : Buffer.concat([before, between, after])
}
