/** What a Codex speaks, from the JSON schemas that its binary writes: the methods of each kind of message, and what they carry. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { CodexCommand } from '../../src/codex/binary/npm-launcher.ts'

export const messageKinds = ['ClientRequest', 'ClientNotification', 'ServerRequest', 'ServerNotification'] as const
export type MessageKind = (typeof messageKinds)[number]

export type Schema = Readonly<Record<string, unknown>>

/** The schema of one kind of message, as Codex wrote it. */
export interface KindSchema {
  readonly definitions: Readonly<Record<string, Schema>>
  /** The whole message's schema by method. */
  readonly methods: ReadonlyMap<string, Schema>
}
export interface Protocol extends Readonly<Record<MessageKind, KindSchema>> {
  /** Every type by its name, also those of results, which no message names. */
  readonly types: ReadonlyMap<string, Schema>
}

const anySchema = v.record(v.string(), v.unknown())
const fileSchema = v.object({ oneOf: v.array(anySchema), definitions: v.optional(v.record(v.string(), anySchema), {}) })
const bundleSchema = v.object({
  definitions: v.intersect([v.object({ v2: v.record(v.string(), anySchema) }), v.record(v.string(), anySchema)]),
})
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
  const bundle = JSON.parse(readFileSync(join(folder, 'codex_app_server_protocol.schemas.json'), 'utf8'))
  const { v2, ...others } = v.parse(bundleSchema, bundle).definitions
  return {
    types: new Map([...Object.entries(others), ...Object.entries(v2)]),
    ClientRequest: read('ClientRequest'),
    ClientNotification: read('ClientNotification'),
    ServerRequest: read('ServerRequest'),
    ServerNotification: read('ServerNotification'),
  }
}
