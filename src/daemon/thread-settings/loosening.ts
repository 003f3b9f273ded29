/** Which settings that a request carries would give a thread's commands more room, or its people less say. */
import { realpathSync } from 'node:fs'
import { isAbsolute, relative } from 'node:path'
import { readEnvironments, readSandbox, type Sandbox, type ThreadSettings } from './read-settings.ts'

type Request = Readonly<Record<string, unknown>>
type Rule = (wanted: unknown, current: ThreadSettings, request: Request) => boolean

/**
 * The members of the request that loosen. Null and what is the same as now change nothing; what is not known here counts as loosening,
 * as it cannot be told.
 */
export function looseningMembers(request: Request, current: ThreadSettings): string[] {
  return Object.entries(rules).flatMap(([member, loosens]) => {
    const wanted = request[member]
    return wanted !== undefined && wanted !== null && loosens(wanted, current, request) ? [member] : []
  })
}

/** One for each member of Codex's requests that decides what commands may do or who is asked. */
const rules: Readonly<Record<string, Rule>> = {
  approvalPolicy: (wanted, { approvalPolicy }) => !asksNoLess(wanted, approvalPolicy),
  approvalsReviewer: (wanted, { approvalsReviewer }) => wanted !== 'user' && wanted !== approvalsReviewer,
  // `thread/resume` has a mode of few words here, `turn/start` a whole policy in `sandboxPolicy`.
  sandbox: (wanted, { sandbox }) => isWider(sandboxOfMode(wanted), sandbox),
  sandboxPolicy: (wanted, { sandbox }) => isWider(readSandbox(wanted), sandbox),
  permissions: (wanted, { permissions, sandbox }) =>
    wanted !== permissions && isWider(sandboxOfProfile(wanted), sandbox),
  cwd: (wanted, current, request) => !areWithin([wanted], current, request),
  runtimeWorkspaceRoots: (wanted, current, request) => !areWithin(listOf(wanted), current, request),
  environments: (wanted, current, request) => {
    const asked = readEnvironments(wanted)
    if (!asked || asked.some(({ environmentId }) => environmentId !== 'local')) return true
    return !areWithin(
      asked.flatMap(({ cwd, runtimeWorkspaceRoots }) => [cwd, ...(runtimeWorkspaceRoots ?? [])]),
      current,
      request,
    )
  },
  config: (wanted) => typeof wanted !== 'object' || Object.keys(wanted ?? {}).length > 0,
  // Both name another thread than `threadId` does, whose settings are not these.
  path: (wanted) => wanted !== '',
  history: () => true,
}

/** From asking most to asking never. A policy put together by hand is only like itself. */
const approvalRank: Readonly<Record<string, number>> = { untrusted: 0, 'on-request': 1, never: 2 }

function asksNoLess(wanted: unknown, current: ThreadSettings['approvalPolicy']): boolean {
  if (wanted === 'untrusted' || JSON.stringify(wanted) === JSON.stringify(current)) return true
  if (typeof wanted !== 'string' || typeof current !== 'string') return false
  const [to, from] = [approvalRank[wanted], approvalRank[current]]
  return to !== undefined && from !== undefined && to <= from
}

const sandboxRank: Readonly<Record<Sandbox['type'], number>> = {
  readOnly: 0,
  workspaceWrite: 1,
  externalSandbox: 2,
  dangerFullAccess: 3,
}

function isWider(wanted: Sandbox | undefined, current: Sandbox): boolean {
  if (!wanted) return true
  const [to, from] = [sandboxRank[wanted.type], sandboxRank[current.type]]
  if (to !== from) return to > from || opensNetwork(wanted, current)
  if (opensNetwork(wanted, current)) return true
  if (wanted.type !== 'workspaceWrite' || current.type !== 'workspaceWrite') return false
  return (
    wanted.writableRoots.some((root) => !current.writableRoots.some((folder) => isInside(root, folder))) ||
    (current.excludeSlashTmp && !wanted.excludeSlashTmp) ||
    (current.excludeTmpdirEnvVar && !wanted.excludeTmpdirEnvVar)
  )
}

/** Outside of any sandbox the network is open. An external one says itself what it allows. */
function opensNetwork(wanted: Sandbox, current: Sandbox): boolean {
  const isOpen = ({ networkAccess, type }: Sandbox) => networkAccess === true || type === 'dangerFullAccess'
  return isOpen(wanted) && !isOpen(current)
}

function sandboxOfMode(mode: unknown): Sandbox | undefined {
  return sandboxes.get(mode)
}

/** Codex's own profiles. What one of the user's own allows is not known here. */
function sandboxOfProfile(id: unknown): Sandbox | undefined {
  return sandboxes.get(id === ':workspace' ? 'workspace-write' : String(id).replace(/^:/, ''))
}

const sandboxes: ReadonlyMap<unknown, Sandbox> = new Map([
  ['read-only', { type: 'readOnly', networkAccess: false }],
  [
    'workspace-write',
    {
      type: 'workspaceWrite',
      writableRoots: [],
      networkAccess: false,
      excludeSlashTmp: false,
      excludeTmpdirEnvVar: false,
    },
  ],
  ['danger-full-access', { type: 'dangerFullAccess' }],
])

/** Where commands may write in their folder, another folder is more room; elsewhere it is only a place to start from. */
function areWithin(folders: readonly unknown[], { cwd, roots, sandbox }: ThreadSettings, request: Request): boolean {
  const wanted =
    readSandbox(request.sandboxPolicy) ?? sandboxOfMode(request.sandbox) ?? sandboxOfProfile(request.permissions)
  const next = wanted ?? sandbox
  if (next.type !== 'workspaceWrite') return true
  const writable = [cwd, ...roots, ...(sandbox.type === 'workspaceWrite' ? sandbox.writableRoots : [])]
  return folders.every((folder) => typeof folder === 'string' && writable.some((one) => isInside(folder, one)))
}

/** Compared as real paths: a command may have put a link in the way. */
function isInside(path: string, folder: string): boolean {
  const way = relative(realPath(folder), realPath(path))
  return isAbsolute(path) && !way.startsWith('..') && !isAbsolute(way)
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path // Not there: Codex refuses it, or makes it where it says.
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}
