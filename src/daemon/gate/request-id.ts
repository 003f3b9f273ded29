/** Request ids: the same id with the same content is the same submit, with other content a mistake. */
import { createHash } from 'node:crypto'
import type { RequestRow } from '../../ledger/turn-store.ts'
import { ShareError } from '../../protocol/errors.ts'
import type { JsonObject } from '../../protocol/json/read-json.ts'

/** What was submitted, without what may differ between two tries of the same: a steered prompt may find another turn running. */
export function contentDigest({
  clientUserMessageId: _id,
  share: _ours,
  expectedTurnId: _turn,
  ...content
}: JsonObject): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url')
}

/** Of an id that only Codex's history has, the content is not known: it passes for the same, as it must not run twice. */
export function isSameContent({ content }: RequestRow, digest: string): boolean {
  return content === '' || content === digest
}

export function conflictError({ requestId, turnId }: RequestRow): ShareError {
  return new ShareError('conflict', `the request id ${requestId} was used for another prompt`, {
    facts: { requestId, turnId },
  })
}
