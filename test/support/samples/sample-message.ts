/** Makes a message out of its JSON schema: every member that the schema names, the first choice where there are several. */
import * as v from 'valibot'
import type { KindSchema, Schema } from '../../../scripts/codex/read-protocol.ts'

const schemas = v.array(v.record(v.string(), v.unknown()))
const members = v.record(v.string(), v.union([v.record(v.string(), v.unknown()), v.boolean()]))

/** Deep enough for every message there is; schemas that hold themselves end here. */
const deepest = 14

export function sampleMessage({ definitions, methods }: KindSchema, method: string, id: number): object {
  const sampler = (schema: Schema, depth: number): unknown => {
    const choices = v.safeParse(schemas, schema.oneOf ?? schema.anyOf)
    if (depth > deepest) return null
    if (typeof schema.$ref === 'string')
      return sampler(definitions[decodeURIComponent(schema.$ref.split('/').at(-1) ?? '')] ?? {}, depth + 1)
    if ('const' in schema) return schema.const
    if (Array.isArray(schema.enum)) return schema.enum[0]
    const parts = v.safeParse(schemas, schema.allOf)
    if (parts.success) return Object.assign({}, ...parts.output.map((part) => sampler(part, depth + 1)))
    const own = v.safeParse(members, schema.properties)
    const object = own.success
      ? Object.fromEntries(
          Object.entries(own.output).map(([name, member]) => [
            name,
            sampler(typeof member === 'boolean' ? {} : member, depth + 1),
          ]),
        )
      : undefined
    if (choices.success) {
      const chosen = sampler(choices.output[0] ?? {}, depth + 1)
      return object ? { ...object, ...(typeof chosen === 'object' ? chosen : {}) } : chosen
    }
    return object ?? plainValue(schema, (items) => sampler(items, depth + 1))
  }
  const message = v.parse(v.record(v.string(), v.unknown()), sampler(methods.get(method) ?? {}, 0))
  return { method, ...('id' in message ? { id } : {}), ...('params' in message ? { params: message.params } : {}) }
}

function plainValue({ type, items }: Schema, sample: (items: Schema) => unknown): unknown {
  const kind = Array.isArray(type) ? type[0] : type
  const itemSchema = v.safeParse(v.record(v.string(), v.unknown()), items)
  switch (kind) {
    case 'array':
      return itemSchema.success ? [sample(itemSchema.output)] : []
    case 'string':
      return 'text with “quotes”, \\ and \u{1f980}'
    case 'integer':
      return 9_007_199_254_740_991
    case 'number':
      return 0.1
    case 'boolean':
      return true
    case 'object':
      return { any: 'member' }
    default:
      return null
  }
}
