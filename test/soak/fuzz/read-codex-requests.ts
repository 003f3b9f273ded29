/** Has the Codex of the development dependencies write what it takes, and reads the requests of it. */
import { readProtocol } from '../../../scripts/codex/read-protocol.ts'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import { objectIn, objectOf } from '../../../src/protocol/json/read-json.ts'
import type { CodexRequests } from './grammar.ts'

export async function readCodexRequests(folder: string): Promise<CodexRequests> {
  const codex = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: folder })
  const { methods, definitions } = readProtocol(codex, folder).ClientRequest
  const params = [...methods].map(([method, schema]) => [
    method,
    objectOf(objectIn(objectOf(schema.properties), 'params')),
  ])
  return { params: Object.fromEntries(params), definitions }
}
