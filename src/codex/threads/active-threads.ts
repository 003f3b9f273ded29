/** Whether anything runs in an app-server, by its own account: also turns that nobody here has asked for. */
import type { AppServerLink } from '../link/app-server-link.ts'

/** A thread that is unloaded between the two questions has no turn either. */
export async function hasActiveThread(link: AppServerLink): Promise<boolean> {
  const { data } = await link.request('thread/loaded/list', {})
  const threads = await Promise.allSettled(
    data.map((threadId) => link.request('thread/read', { threadId, includeTurns: false })),
  )
  return threads.some((read) => read.status === 'fulfilled' && read.value.thread.status.type === 'active')
}
