/** The threads that a picker offers: those that are shared, and for `/resume` also those that only Codex knows. */
import { basename } from 'node:path'
import { startStdioAppServer } from '../../codex/process/stdio-app-server.ts'
import { everySource } from '../../codex/threads/every-source.ts'
import type { SharedThread } from '../../protocol/methods.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { programVersion } from '../../protocol/version.ts'
import { threadTitle } from '../../render/tables/thread-list.ts'
import { age } from '../../render/terminal/clock.ts'
import type { Overlay, PickerEntry } from '../state/overlay.ts'
import { shortThreadId } from '../state/session.ts'
import { explainFailure } from './explain-failure.ts'
import { openLink, type UiContext } from './ui-context.ts'

export async function openPicker(ui: UiContext, purpose: 'join' | 'resume'): Promise<void> {
  const { store } = ui
  const empty = { kind: 'picker', purpose, query: '', entries: null, selected: 0, problem: null } as const
  store.dispatch({ type: 'overlay', overlay: empty })
  const [shared, stored] = await Promise.allSettled([sharedThreads(ui), purpose === 'resume' ? storedThreads(ui) : []])
  const { overlay } = store.state
  // Closed meanwhile: what came is not wanted any more.
  if (overlay?.kind !== 'picker' || overlay.purpose !== purpose) return
  const found = shared.status === 'fulfilled' ? shared.value : []
  const others = stored.status === 'fulfilled' ? stored.value : []
  const isShared = new Set(found.map(({ threadId }) => threadId))
  const entries = [...found, ...others.filter(({ threadId }) => !isShared.has(threadId))]
  const failed = [shared, stored].find((result) => result.status === 'rejected')
  const { message = '', hint = '' } = failed ? explainFailure(failed.reason) : {}
  const problem = failed ? [message, hint].filter(Boolean).join('\n') : null
  const filled: Overlay = { ...overlay, entries, problem }
  store.dispatch({ type: 'overlay', overlay: filled })
}

async function sharedThreads(ui: UiContext): Promise<PickerEntry[]> {
  const link = openLink(ui)
  try {
    const client = await link.client()
    const { threads } = await client.call('share/list', {})
    return threads.map(sharedEntry)
  } finally {
    link.close()
  }
}

function sharedEntry({ threadId, name, preview, cwd, peers, updatedAt, turn, archived }: SharedThread): PickerEntry {
  const title = threadTitle({ name, preview }) || shortThreadId(threadId)
  const idleState = archived ? 'archived' : 'idle'
  const details = [
    'shared',
    visibleLine(basename(cwd ?? '')),
    `${peers} ${peers === 1 ? 'peer' : 'peers'}`,
    turn ? 'running' : idleState,
    age(updatedAt, Date.now()),
    shortThreadId(threadId),
  ]
  return { threadId, title, details: details.filter(Boolean).join(' · '), shared: true }
}

async function storedThreads({ findCodex, env, cwd }: UiContext): Promise<PickerEntry[]> {
  const client = { name: 'codex-share', version: programVersion }
  const ignore = () => {}
  const server = await startStdioAppServer({
    codex: await findCodex(),
    env,
    cwd,
    client,
    onNotification: ignore,
    onRequest: ignore,
  })
  try {
    const { data } = await server.link.request('thread/list', {
      modelProviders: [],
      sourceKinds: [...everySource],
      limit: 100,
    })
    return data.map(({ id, name, preview, cwd: folder, updatedAt }) => {
      const title = threadTitle({ name, preview }).slice(0, 200) || shortThreadId(id)
      const changed = age(new Date(updatedAt * 1000).toISOString(), Date.now())
      return {
        threadId: id,
        title,
        details: `private · ${visibleLine(basename(folder))} · ${changed} · ${shortThreadId(id)}`,
        shared: false,
      }
    })
  } finally {
    await server.stop()
  }
}
