/** The JSON schema of what a valibot schema takes, as far as the daemon's methods need it. */
import type * as v from 'valibot'
import type { Schema } from './schema.ts'

export function jsonSchemaOf(schema: v.GenericSchema): Schema {
  const member = (name: string): unknown => Reflect.get(schema, name)
  const inner = (name: string) => jsonSchemaOf(member(name) as v.GenericSchema)
  switch (schema.type) {
    case 'object':
    case 'loose_object':
    case 'strict_object': {
      const entries = Object.entries(member('entries') as Record<string, v.GenericSchema>)
      return {
        type: 'object',
        properties: Object.fromEntries(entries.map(([name, entry]) => [name, jsonSchemaOf(entry)])),
        required: entries.filter(([, { type }]) => type !== 'optional').map(([name]) => name),
      }
    }
    case 'optional':
      return inner('wrapped')
    case 'nullable':
      return { anyOf: [inner('wrapped'), { type: 'null' }] }
    case 'array':
      return { type: 'array', items: inner('item') }
    case 'picklist':
      return { enum: member('options') }
    case 'literal':
      return { const: member('literal') }
    case 'union':
      return { anyOf: (member('options') as v.GenericSchema[]).map(jsonSchemaOf) }
    case 'record':
      return { type: 'object' }
    case 'string':
    case 'number':
    case 'boolean':
      return { type: schema.type }
    default:
      throw new Error(`the fuzz does not know how to draw a ${schema.type}`)
  }
}
