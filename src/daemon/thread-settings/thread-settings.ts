/** Keeps the settings of the shared threads: what they are, and who changed them. */
import { awakeMs } from '../../platform/time/awake-clock.ts'
import type { Author } from '../../protocol/events.ts'
import type { SettingChange } from '../../protocol/own-events.ts'
import { looseningMembers } from './loosening.ts'
import { settingsInAnswer, settingsInNotification, type ThreadSettings } from './read-settings.ts'

/** Parameters of a request to Codex. */
export type Request = Readonly<Record<string, unknown>>

/** A request on its way that changes settings. */
interface Wish {
  readonly by: Author
  readonly request: Request
  readonly atMs: number
}

export interface SettingsUpdate {
  readonly changes: readonly SettingChange[]
  readonly by: Author | null
}

/** Codex reports a change at once: a request that it has not reported on by then changed nothing. */
const wishMs = 60_000

/** For each setting, the members of a request that may change it, and whether this value of one would leave it as it is. */
const members: Readonly<Record<string, (wanted: unknown, current: ThreadSettings) => boolean>> = {
  approvalPolicy: (wanted, { approvalPolicy }) => isSame(wanted, approvalPolicy),
  approvalsReviewer: (wanted, { approvalsReviewer }) => wanted === approvalsReviewer,
  sandboxPolicy: (wanted, { sandbox }) => isSame(wanted, sandbox),
  sandbox: () => false,
  permissions: (wanted, { permissions }) => wanted === permissions,
  cwd: (wanted, { cwd }) => wanted === cwd,
  runtimeWorkspaceRoots: (wanted, { roots }) => isSame(wanted, roots),
  environments: () => false,
  model: (wanted, { model }) => wanted === model,
  modelProvider: (wanted, { modelProvider }) => wanted === modelProvider,
  serviceTier: (wanted, { serviceTier }) => wanted === serviceTier,
  effort: (wanted, { effort }) => wanted === effort,
  collaborationMode: () => false,
  config: () => false,
}

const causes: Readonly<Record<SettingChange['setting'], readonly string[]>> = {
  approvalPolicy: ['approvalPolicy', 'config'],
  approvalsReviewer: ['approvalsReviewer', 'config'],
  sandbox: ['sandboxPolicy', 'sandbox', 'permissions', 'config'],
  permissions: ['permissions', 'config'],
  cwd: ['cwd', 'environments', 'config'],
  roots: ['runtimeWorkspaceRoots', 'environments', 'cwd', 'config'],
  model: ['model', 'collaborationMode', 'config'],
  modelProvider: ['modelProvider', 'config'],
  serviceTier: ['serviceTier', 'config'],
  effort: ['effort', 'collaborationMode', 'config'],
}

export class ThreadSettingsStore {
  private readonly current = new Map<string, ThreadSettings>()
  private readonly wishes = new Map<string, Wish[]>()

  /** Codex answered with the thread: what its settings are, and what is different from when they were last seen. */
  onAnswer(threadId: string, answer: unknown): SettingsUpdate {
    return this.take(threadId, settingsInAnswer(answer))
  }

  /** Codex reports the thread's settings, as it does after each change. */
  onUpdated(threadId: string, threadSettings: unknown): SettingsUpdate {
    return this.take(threadId, settingsInNotification(threadSettings))
  }

  forget(threadId: string): void {
    this.current.delete(threadId)
    this.wishes.delete(threadId)
  }

  /** The members of the request that would loosen what holds in the thread; all that could, where its settings are not known. */
  loosening(threadId: string, request: Request): readonly string[] {
    const current = this.current.get(threadId)
    return current ? looseningMembers(request, current) : changing(request, undefined)
  }

  /** The request goes to Codex now: what changes in consequence is its author's doing. */
  expect(threadId: string, request: Request, by: Author): void {
    if (changing(request, this.current.get(threadId)).length === 0) return
    const now = awakeMs()
    const waiting = (this.wishes.get(threadId) ?? []).filter(({ atMs }) => now - atMs < wishMs)
    this.wishes.set(threadId, [...waiting, { by, request, atMs: now }])
  }

  private take(threadId: string, after: ThreadSettings | undefined): SettingsUpdate {
    const before = this.current.get(threadId)
    if (after) this.current.set(threadId, after)
    const changes = before && after ? differences(before, after) : []
    if (changes.length === 0) return { changes, by: null }
    const waiting = this.wishes.get(threadId) ?? []
    const index = waiting.findIndex(({ request }) => changes.some(({ setting }) => asksFor(request, causes[setting])))
    if (index >= 0) this.wishes.set(threadId, waiting.slice(index + 1))
    return { changes, by: waiting[index]?.by ?? null }
  }
}

/** The members of the request that change a setting. */
function changing(request: Request, current: ThreadSettings | undefined): string[] {
  return Object.entries(members).flatMap(([member, isAsNow]) => {
    const wanted = request[member]
    const asks = wanted !== undefined && wanted !== null && !(current && isAsNow(wanted, current))
    return asks ? [member] : []
  })
}

function asksFor(request: Request, names: readonly string[]): boolean {
  return names.some((name) => request[name] !== undefined && request[name] !== null)
}

/** A profile implies its sandbox, and a folder is its own root: each is listed once. */
function differences(before: ThreadSettings, after: ThreadSettings): SettingChange[] {
  const all = settings.flatMap((setting) => {
    const [from, to] = [before[setting], after[setting]]
    return isSame(from, to) ? [] : [{ setting, from, to }]
  })
  const has = (setting: SettingChange['setting']) => all.some((change) => change.setting === setting)
  return all.filter(({ setting }) => {
    if (setting === 'permissions') return !has('sandbox')
    return setting !== 'roots' || !isSame(after.roots, [after.cwd])
  })
}

const settings = Object.keys(causes) as SettingChange['setting'][]

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
