/**
 * A thread's id in its one spelling. Codex accepts several for the same thread; whatever is decided by an id must not depend on which.
 * Pure.
 */

/** What a UUID parser accepts: any case, with or without hyphens, in braces, as a URN. */
const uuid = /^(?:urn:uuid:)?\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i

/** Text that is no UUID is returned as it is: Codex says what it thinks of it. */
export function canonicalThreadId(text: string): string {
  const [, ...parts] = uuid.exec(text) ?? []
  return parts.length === 0 ? text : parts.join('-').toLowerCase()
}

/** The parameters of a request with `threadId` in that spelling; the same object where it was already. */
export function withCanonicalThread<P extends Readonly<Record<string, unknown>>>(params: P): P {
  const { threadId } = params
  if (typeof threadId !== 'string') return params
  const canonical = canonicalThreadId(threadId)
  return canonical === threadId ? params : { ...params, threadId: canonical }
}
