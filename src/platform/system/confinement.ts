/** Tells a process that Codex's sandbox confines from all others, by what the kernel shows of it. */
import { readFileSync } from 'node:fs'

/** What a process never sheds again once it has it, and hands down to every process it starts. */
interface Restraints {
  readonly noNewPrivileges: boolean
  /** Seccomp filters on it. Kernels before 5.9 do not count them: there one stands for all. */
  readonly filters: number
}

/**
 * Whether the process carries Codex's mark: no_new_privs together with a seccomp filter beyond `commonFilters`. Namespaces alone say
 * nothing: toolbox, flatpak and PrivateTmp have them too.
 */
export function isConfined({ noNewPrivileges, filters }: Restraints, commonFilters: number): boolean {
  return noNewPrivileges && filters > commonFilters
}

/**
 * How many filters all processes here have: in a container, those that its runtime put on the first one. What the daemon alone has on
 * top, as a hardened service, does not count.
 */
export function countCommonFilters(): number {
  return Math.min(restraintsOf('self')?.filters ?? 0, restraintsOf(1)?.filters ?? 0)
}

/** Undefined when nothing is known: there is no such process, it has ended, or `hidepid` hides it. */
export function restraintsOf(pid: number | 'self'): Restraints | undefined {
  try {
    return parseStatus(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return undefined // Gone or hidden: the caller takes both for unknown.
  }
}

/** Reads a `/proc/PID/status`. What a zombie's says is not relied on. */
export function parseStatus(status: string): Restraints | undefined {
  const field = (name: string) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1]
  const [state, noNewPrivileges, mode] = [field('State'), field('NoNewPrivs'), field('Seccomp')]
  if (state === undefined || state === 'Z' || state === 'X') return undefined
  if (noNewPrivileges === undefined || mode === undefined) return undefined
  const counted = Number(field('Seccomp_filters') ?? 0)
  return { noNewPrivileges: noNewPrivileges === '1', filters: mode === '0' ? 0 : Math.max(counted, 1) }
}
