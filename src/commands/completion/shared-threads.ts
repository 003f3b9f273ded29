/** The shared threads as candidates, from the daemon that the line is for. */
import { type Endpoint, parseEndpoint } from '../../client/connection/endpoint.ts'
import { openClient } from '../../client/open-client.ts'
import { resolvePlaces } from '../../platform/places/resolve-places.ts'
import type { Candidate } from './candidates.ts'

const answerMs = 1500

/** Names first. Somebody who has pressed a key waits for this: a daemon that does not run is not started, and trouble is no candidate. */
export async function sharedThreads(words: readonly string[]): Promise<Candidate[]> {
  try {
    const endpoint = endpointOf(words)
    const client = await openClient({
      endpoint,
      identity: { kind: 'script', label: 'completion', readOnly: true },
      notice: () => {},
      deadlineMs: answerMs,
      start: 'never',
    })
    const { threads: shared } = await client.call('share/list', {}, { timeoutMs: answerMs })
    client.close()
    const named = shared.flatMap(({ name, preview }) => (name === null ? [] : [{ text: name, about: preview ?? '' }]))
    const ids = shared.map(({ threadId, name, preview }) => ({ text: threadId, about: name ?? preview ?? '' }))
    return [...named, ...ids, { text: 'last', about: 'the one that was used last' }]
  } catch {
    return []
  }
}

function endpointOf(words: readonly string[]): Endpoint {
  const at = words.indexOf('--server')
  const assigned = words.find((word) => word.startsWith('--server='))?.slice('--server='.length)
  return parseEndpoint(at === -1 ? assigned : words[at + 1], resolvePlaces(process.env))
}
