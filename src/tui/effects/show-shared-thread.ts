/** Puts a shared thread on the screen and follows it from there on. */

import * as v from 'valibot'
import { endpointName } from '../../client/connection/endpoint.ts'
import type { DaemonLink } from '../../client/daemon-link.ts'
import { isGone } from '../../platform/places/work-folder.ts'
import type { ShareEvent } from '../../protocol/events.ts'
import type { SharedThread } from '../../protocol/methods.ts'
import { type OtherHome, otherHomeError } from '../../protocol/other-home.ts'
import { visibleText } from '../../protocol/text/visible-text.ts'
import { goneFolder } from '../../render/tables/thread-list.ts'
import { openSharedSession } from '../session/shared-session.ts'
import type { Session } from '../state/session.ts'
import type { BlockBody } from '../state/transcript/block.ts'
import type { UiContext } from './ui-context.ts'

interface ShowSharedThreadOptions {
  readonly link: DaemonLink
  /** Ends the link's tries to come back. */
  readonly stop: AbortController
  readonly thread: SharedThread
  /** What the screen shows first; empty when the conversation is on it already. */
  readonly recent: readonly ShareEvent[]
  readonly head: readonly BlockBody[]
}

export async function showSharedThread(
  ui: UiContext,
  { link, stop, thread, recent, head }: ShowSharedThreadOptions,
): Promise<void> {
  const { store } = ui
  const { threadId } = thread
  const { otherHome } = await link.client()
  const left = ui.current
  // Too late to give up.
  ui.doing = undefined
  ui.current = undefined
  await left?.close()
  const after = recent.at(-1)?.id ?? thread.head
  const facts: Partial<Session> = {
    mode: 'SHARED',
    threadId,
    threadName: thread.name,
    endpoint: endpointName(link.reached),
    ...(thread.cwd === null ? {} : { cwd: thread.cwd }),
    readOnly: ui.readOnly || otherHome !== undefined,
    connection: { state: 'open' },
  }
  const first = recent[0]?.id ?? after + 1
  store.dispatch({
    type: 'thread',
    session: facts,
    lastId: first - 1,
    head: [...head, ...watchOnlyNotice(otherHome), ...goneFolderNotice(link, thread)],
  })
  store.queue(recent)
  const session = openSharedSession({ store, link, threadId, after })
  ui.current = {
    ...session,
    close: async () => {
      await session.close()
      stop.abort()
      link.close()
    },
  }
  void readModel(link, threadId).then((model) => {
    if (model !== undefined && store.state.session.threadId === threadId)
      store.dispatch({ type: 'session', session: { model } })
  })
}

/** Why nothing can be sent from here, where it stays readable. */
function watchOnlyNotice(otherHome: OtherHome | undefined): BlockBody[] {
  if (!otherHome) return []
  const { message, hint } = otherHomeError('acting from this UI', otherHome)
  return [{ kind: 'notice', look: 'bad', text: visibleText(`✖ ${message}\n  ${hint}`) }]
}

function goneFolderNotice({ isRemote }: DaemonLink, thread: SharedThread): BlockBody[] {
  return !isRemote && isGone(thread.cwd) ? [{ kind: 'notice', look: 'caution', text: `! ${goneFolder(thread)}` }] : []
}

const threadSchema = v.looseObject({ thread: v.looseObject({ model: v.nullish(v.string()) }) })

/** Which model a shared thread works with, for the footer: nice to have, so it never fails. */
async function readModel(link: DaemonLink, threadId: string): Promise<string | undefined> {
  try {
    const client = await link.client()
    return v.parse(threadSchema, await client.forward('thread/read', { threadId })).thread.model ?? undefined
  } catch {
    return undefined // Away at this moment: the footer does without.
  }
}
