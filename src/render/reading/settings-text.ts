/** A change of a thread's settings in words: what holds now, what held before, and by whom. Pure. */
import * as v from 'valibot'
import type { ShareEvent } from '../../protocol/events.ts'
import { objectOf } from '../../protocol/json/read-json.ts'
import { type SettingChange, settingsChangedSchema } from '../../protocol/own-events.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'

const names: Readonly<Record<SettingChange['setting'], string>> = {
  approvalPolicy: 'approvals are',
  approvalsReviewer: 'approvals are reviewed by:',
  sandbox: 'the sandbox is',
  permissions: 'the permission profile is',
  cwd: 'the folder is',
  roots: 'the workspace folders are',
  model: 'the model is',
  modelProvider: 'the model provider is',
  serviceTier: 'the service tier is',
  effort: 'the effort is',
}

/** “approvals are now never (were on-request), by ann”; one sentence for all that changed at once. */
export function settingsText({ params, by }: Pick<ShareEvent, 'params' | 'by'>): string {
  const author = by ? `, by ${visibleLine(by.label)}` : ''
  const { success, output } = v.safeParse(settingsChangedSchema, params)
  if (!success) return `the settings of the thread changed${author}`
  const parts = output.changes.map(({ setting, from, to }) => {
    const name = names[setting]
    const now = name.endsWith(':') ? `${name} ${wordsOf(to)}` : `${name} now ${wordsOf(to)}`
    return `${now} (before: ${wordsOf(from)})`
  })
  return `${parts.join(', ')}${author}`
}

function wordsOf(value: unknown): string {
  if (value === null || value === undefined) return 'the default'
  if (typeof value === 'string') return visibleLine(value)
  if (Array.isArray(value)) return value.map((one) => visibleLine(String(one))).join(' ') || 'none'
  const { type, ...members } = objectOf(value)
  return typeof type === 'string' ? sandboxWords(type, members) : visibleLine(JSON.stringify(value))
}

const sandboxes: Readonly<Record<string, string>> = {
  readOnly: 'read-only',
  workspaceWrite: 'workspace-write',
  dangerFullAccess: 'danger-full-access',
  externalSandbox: 'an external one',
}

/** Only what is on is named: `workspace-write with network access and /srv`. */
function sandboxWords(type: string, { networkAccess, writableRoots }: Readonly<Record<string, unknown>>): string {
  const roots = Array.isArray(writableRoots) ? writableRoots.map((root) => visibleLine(String(root))) : []
  const more = [...(networkAccess === true || networkAccess === 'enabled' ? ['network access'] : []), ...roots]
  const name = Object.hasOwn(sandboxes, type) ? sandboxes[type] : visibleLine(type)
  return `${name}${more.length === 0 ? '' : ` with ${more.join(' and ')}`}`
}
