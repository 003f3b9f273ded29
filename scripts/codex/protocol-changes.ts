/** What one version of Codex's protocol has that another has not: messages by their method, and every type to the bottom. Pure. */
import * as v from 'valibot'
import { messageKinds, type Protocol, type Schema } from './read-protocol.ts'

const anySchema = v.record(v.string(), v.unknown())
const schemas = v.array(anySchema)
const taggedBy = v.object({ enum: v.tuple([v.string()]) })

/** So many of the messages that a type is part of are named. */
const namedUses = 3

/**
 * What is added, gone or changed in `after`, one line each, sorted; below a changed type what is new in it (`+`) and what is no longer
 * there (`-`). A type that is part of many messages is told of once, with the first messages that it is part of.
 */
export function changes(before: Protocol, after: Protocol): string[] {
  return [...messageKinds.flatMap((kind) => methodChanges(before, after, kind)), ...typeChanges(before, after)]
}

function methodChanges(before: Protocol, after: Protocol, kind: (typeof messageKinds)[number]): string[] {
  const [was, is] = [before[kind].methods, after[kind].methods]
  return namesOf(was, is).flatMap((method) => {
    const [old, fresh] = [was.get(method), is.get(method)]
    if (!fresh) return [`gone     ${kind}  ${method}`]
    if (!old) return [`added    ${kind}  ${method}`]
    const difference = differences(old, fresh)
    return difference.length === 0 ? [] : [`changed  ${kind}  ${method}`, ...difference]
  })
}

function typeChanges(before: Protocol, after: Protocol): string[] {
  const unions: readonly string[] = messageKinds
  const names = namesOf(before.types, after.types).filter((name) => !unions.includes(name))
  const uses = usesOf(after)
  return names.flatMap((name) => {
    const [old, fresh] = [before.types.get(name), after.types.get(name)]
    if (!fresh) return [`gone     type  ${name}`]
    if (!old) return [`added    type  ${name}`]
    const difference = differences(old, fresh)
    return difference.length === 0 ? [] : [`changed  type  ${name}${usedIn(uses.get(name) ?? [])}`, ...difference]
  })
}

function namesOf(...maps: readonly ReadonlyMap<string, unknown>[]): string[] {
  return [...new Set(maps.flatMap((map) => [...map.keys()]))].sort()
}

function differences(before: Schema, after: Schema): string[] {
  const [was, is] = [facts(before), facts(after)]
  const gone = [...was].filter((fact) => !is.has(fact)).map((fact) => `    - ${fact}`)
  return [...gone, ...[...is].filter((fact) => !was.has(fact)).map((fact) => `    + ${fact}`)].sort(byPath)
}

/** What is gone and what has come at one place stand together, in this order. */
function byPath(one: string, other: string): number {
  const [a = '', b = ''] = [one, other].map((line) => line.slice(6).split(': ')[0])
  if (a !== b) return a < b ? -1 : 1
  return one === other ? 0 : one > other ? -1 : 1
}

/** All that a type says, as `path: what is there`. Other types are named and not followed: each is compared by itself. */
function facts(schema: Schema, path = ''): Set<string> {
  const said = new Set<string>()
  const say = (what: string) => said.add(`${path || '(itself)'}: ${what}`)
  const follow = (part: unknown, where: string) => {
    if (v.is(anySchema, part)) for (const fact of facts(part, where)) said.add(fact)
    else if (part === true) said.add(`${where}: anything`)
  }
  const { $ref, type, format, required, properties, items, additionalProperties } = schema
  if (typeof $ref === 'string') say(nameOf($ref))
  if (Array.isArray(schema.enum)) for (const value of schema.enum) say(JSON.stringify(value))
  else if ('const' in schema) say(JSON.stringify(schema.const))
  else if (type !== undefined) say([type, format].flat().filter(Boolean).sort().join(' '))
  if ('default' in schema) say(`by default ${JSON.stringify(schema.default)}`)
  const needed = Array.isArray(required) ? required : []
  for (const [name, member] of Object.entries(v.is(anySchema, properties) ? properties : {}))
    follow(member, `${path}.${name}${needed.includes(name) ? '' : '?'}`)
  for (const item of [items].flat()) follow(item, `${path}[]`)
  if (additionalProperties !== false) follow(additionalProperties, `${path}{}`)
  for (const choices of [schema.oneOf, schema.anyOf, schema.allOf])
    for (const choice of v.is(schemas, choices) ? choices : []) follow(choice, `${path}${tagOf(choice)}`)
  return said
}

/** Which of several forms this is: by its `type` or `method`, or by its one member. */
function tagOf({ properties }: Schema): string {
  if (!v.is(anySchema, properties)) return ''
  const tag = [properties.type, properties.method].find((member) => v.is(taggedBy, member))
  const [first] = v.is(taggedBy, tag) ? tag.enum : Object.keys(properties)
  return first === undefined ? '' : `<${first}>`
}

/** The messages that each type is part of, by the type's name. */
function usesOf(protocol: Protocol): ReadonlyMap<string, string[]> {
  const uses = new Map<string, string[]>()
  const mark = (schema: Schema, use: string, seen: Set<string>) => {
    for (const name of referencesIn(schema)) {
      if (seen.has(name)) continue
      seen.add(name)
      uses.set(name, [...(uses.get(name) ?? []), use])
      mark(protocol.types.get(name) ?? {}, use, seen)
    }
  }
  for (const kind of messageKinds)
    for (const [method, schema] of protocol[kind].methods) {
      mark(schema, method, new Set())
      const result = resultNames(method, schema).find((name) => protocol.types.has(name))
      if (result !== undefined) mark({ $ref: result }, `${method} (result)`, new Set())
    }
  return uses
}

/** Codex writes down nowhere which type a result has; it is named after the parameters or the method. */
function resultNames(method: string, schema: Schema): string[] {
  const params = referencesIn(schema).filter((name) => name.endsWith('Params'))
  const pascal = method.split('/').map((part) => part.charAt(0).toUpperCase() + part.slice(1))
  return [...params.map((name) => name.replace(/Params$/, 'Response')), `${pascal.join('')}Response`]
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    name === '$ref' && typeof member === 'string' ? [nameOf(member)] : referencesIn(member),
  )
}

function nameOf(reference: string): string {
  return decodeURIComponent(reference.split('/').at(-1) ?? '')
}

function usedIn(uses: readonly string[]): string {
  if (uses.length === 0) return ''
  const more = uses.length - namedUses
  return `  in ${uses.slice(0, namedUses).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
