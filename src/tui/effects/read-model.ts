/** Which model a shared thread works with, for the footer: nice to have, so it never fails. */
import * as v from 'valibot'
import type { DaemonLink } from '../../client/daemon-link.ts'

const threadSchema = v.looseObject({ thread: v.looseObject({ model: v.nullish(v.string()) }) })

export async function readModel(link: DaemonLink, threadId: string): Promise<string | undefined> {
  try {
    const client = await link.client()
    return v.parse(threadSchema, await client.forward('thread/read', { threadId })).thread.model ?? undefined
  } catch {
    return undefined // Away at this moment: the footer does without.
  }
}
