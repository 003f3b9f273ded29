/** What a Codex speaks, from the JSON schemas that its binary writes: the methods of each kind of message, and what they carry. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { CodexCommand } from '../src/codex/npm-launcher.ts'

export const messageKinds = ['ClientRequest', 'ClientNotification', 'ServerRequest', 'ServerNotification'] as const
export type MessageKind = (typeof messageKinds)[number]

export type Schema = Readonly<Record<string, unknown>>

/** The schema of one kind of message, as Codex wrote it. */
export interface KindSchema {
  readonly definitions: Readonly<Record<string, Schema>>
  /** The whole message's schema by method. */
  readonly methods: ReadonlyMap<string, Schema>
}
export type Protocol = Readonly<Record<MessageKind, KindSchema>>

const anySchema = v.record(v.string(), v.unknown())
const fileSchema = v.object({ oneOf: v.array(anySchema), definitions: v.optional(v.record(v.string(), anySchema), {}) })
const methodSchema = v.object({ properties: v.object({ method: v.object({ enum: v.tuple([v.string()]) }) }) })

/** Has this Codex write its schemas into the folder, and reads them. */
export function readProtocol(codex: CodexCommand, folder: string): Protocol {
  const args = [...codex.args, 'app-server', 'generate-json-schema', '--out', folder, '--experimental']
  execFileSync(codex.path, args, { env: { ...process.env, ...codex.env }, stdio: ['ignore', 'ignore', 'inherit'] })
  const read = (kind: MessageKind): KindSchema => {
    const { oneOf, definitions } = v.parse(fileSchema, JSON.parse(readFileSync(join(folder, `${kind}.json`), 'utf8')))
    const named = oneOf.map((schema) => [v.parse(methodSchema, schema).properties.method.enum[0], schema] as const)
    return { definitions, methods: new Map(named) }
  }
  return {
    ClientRequest: read('ClientRequest'),
    ClientNotification: read('ClientNotification'),
    ServerRequest: read('ServerRequest'),
    ServerNotification: read('ServerNotification'),
  }
}

/** What the second has more, less, or otherwise than the first: one line each, sorted by kind and method. */
export function changes(before: Protocol, after: Protocol): string[] {
  return messageKinds.flatMap((kind) => {
    const [old, fresh] = [before[kind], after[kind]]
    const methods = [...new Set([...old.methods.keys(), ...fresh.methods.keys()])].sort()
    return methods.flatMap((method) => {
      if (!fresh.methods.has(method)) return [`gone     ${kind}  ${method}`]
      if (!old.methods.has(method)) return [`added    ${kind}  ${method}`]
      const [was, is] = [membersOf(old, method), membersOf(fresh, method)]
      const more = is.filter((member) => !was.includes(member)).map((member) => `+${member}`)
      const less = was.filter((member) => !is.includes(member)).map((member) => `-${member}`)
      return more.length + less.length === 0 ? [] : [`changed  ${kind}  ${method}  ${[...more, ...less].join(' ')}`]
    })
  })
}

/** The members of a message's parameters, a required one with `!`. */
function membersOf({ definitions, methods }: KindSchema, method: string): string[] {
  const message = methods.get(method) ?? {}
  const { params } = v.parse(
    v.object({ properties: v.object({ params: v.optional(anySchema, {}) }) }),
    message,
  ).properties
  const name = typeof params.$ref === 'string' ? (params.$ref.split('/').at(-1) ?? '') : ''
  const schema = definitions[name] ?? params
  const required = Array.isArray(schema.required) ? schema.required : []
  const members = v.is(anySchema, schema.properties) ? Object.keys(schema.properties) : []
  return members.map((member) => (required.includes(member) ? `${member}!` : member))
}
