/** Draws values that a JSON schema allows, in most places; now and then one that it does not. */
import type { Chance } from '../chance.ts'
import { type Members, oddValue } from './odd-json.ts'

export type Schema = Readonly<Record<string, unknown>>

/** What there is to be named at the moment. */
export interface Named {
  readonly threadIds: readonly string[]
  readonly turnIds: readonly string[]
  readonly approvalIds: readonly string[]
}

export interface Drawing {
  readonly chance: Chance
  readonly named: Named
  /** What `$ref` refers to. */
  readonly definitions: Readonly<Record<string, Schema>>
}

const deepest = 6
const texts = ['', 'x', 'hello', 'deltas 20 20', '/', '/nowhere', 'last', '0', '\u202e🙂']

/** Strings that mean something only when they are those of this run. */
const byName: Readonly<Record<string, (drawing: Drawing) => string>> = {
  threadId: ({ chance, named }) => chance.pick([...named.threadIds, ...named.threadIds, 'nobody']),
  thread: ({ chance, named }) => chance.pick([...named.threadIds, 'last', 'nobody', '0']),
  turnId: ({ chance, named }) => chance.pick([...named.turnIds, 'none']),
  expectedTurnId: ({ chance, named }) => chance.pick([...named.turnIds, 'none']),
  approvalId: ({ chance, named }) => chance.pick([...named.approvalIds, 'none']),
  clientUserMessageId: ({ chance }) => `u-${chance.below(20)}`,
  // Something long enough that nobody says: what one connection takes out of the ledger would be missing for the others.
  match: () => 'this is never said',
}

/** The members of an object of this schema; none where it is no object's. */
export function drawMembers(schema: Schema, drawing: Drawing): Members {
  const value = drawValue(schema, drawing)
  return isSchema(value) ? Object.entries(value) : []
}

export function drawValue(schema: unknown, drawing: Drawing, name = '', depth = 0): unknown {
  const { chance, definitions } = drawing
  if (!isSchema(schema) || (depth > 0 && chance.percent(1))) return oddValue(chance)
  if (typeof schema.$ref === 'string')
    return drawValue(definitions[schema.$ref.replace('#/definitions/', '')], drawing, name, depth)
  if ('const' in schema) return schema.const
  if (Array.isArray(schema.enum)) return chance.pick(schema.enum)
  const choices = [schema.oneOf, schema.anyOf, schema.allOf].find((list) => Array.isArray(list))
  if (Array.isArray(choices)) {
    // What is too deep ends with null where that is allowed.
    const chosen = depth > deepest ? choices.at(-1) : chance.pick(choices)
    const drawn = drawValue(chosen, drawing, name, depth + 1)
    return schema.properties && isSchema(drawn) ? { ...drawObject(schema, drawing, depth), ...drawn } : drawn
  }
  const type = Array.isArray(schema.type) ? chance.pick(schema.type) : schema.type
  switch (type) {
    case 'object':
      return drawObject(schema, drawing, depth)
    case 'array':
      return depth > deepest
        ? []
        : chance.times(chance.below(3), () => drawValue(schema.items, drawing, name, depth + 1))
    case 'string':
      return byName[name]?.(drawing) ?? chance.pick(texts)
    case 'integer':
    case 'number':
      return chance.pick([0, 1, 1, 2, 10, 10, 100, 5000, 1_700_000_000_000])
    case 'boolean':
      return chance.percent(50)
    case 'null':
      return null
    default:
      return oddValue(chance)
  }
}

function drawObject(schema: Schema, drawing: Drawing, depth: number): Schema {
  const { chance } = drawing
  const required = Array.isArray(schema.required) ? schema.required : []
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : []
  const wanted = properties.filter(([name]) => required.includes(name) || (depth <= deepest && chance.percent(25)))
  return Object.fromEntries(wanted.map(([name, member]) => [name, drawValue(member, drawing, name, depth + 1)]))
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
