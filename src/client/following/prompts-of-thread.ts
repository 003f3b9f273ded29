/** Collects what people prompted in a thread, or in one of its turns. */
import type { ShareEvent } from '../../protocol/events.ts'
import { isObject } from '../../protocol/json/read-json.ts'
import type { DaemonClient } from '../connection/daemon-client.ts'
import { readEvents } from './read-events.ts'

const pageEvents = 5000

export async function promptsOfThread(client: DaemonClient, threadId: string, turnId?: string): Promise<Set<string>> {
  const prompts = new Set<string>()
  for (let after: number | null = 0; after !== null; ) {
    const { events, next } = await readEvents({ client, threadId, after, limit: pageEvents })
    for (const event of events)
      if (turnId === undefined || event.turnId === turnId) for (const text of textsOf(event)) prompts.add(text)
    after = next
  }
  return prompts
}

function textsOf({ method, params }: ShareEvent): string[] {
  const { item } = params
  if (method !== 'item/completed' || !isObject(item) || item.type !== 'userMessage' || !Array.isArray(item.content))
    return []
  return item.content.flatMap((part: unknown) => (isObject(part) && typeof part.text === 'string' ? [part.text] : []))
}
