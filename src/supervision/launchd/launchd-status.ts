/** Reads how an agent is doing from what `launchctl print` shows: lines such as `state = running`, `pid = 501`, `last exit code = 0`. */
import type { UnitStatus } from '../service-manager.ts'

/** @param printed null when launchd does not know the label */
export function launchdStatus(
  name: string,
  { installed, printed }: { readonly installed: boolean; readonly printed: string | null },
): UnitStatus {
  const value = (key: string) => new RegExp(`^\\s*${key} = (.+)$`, 'm').exec(printed ?? '')?.[1]
  const [pid, code, runs] = [value('pid'), value('last exit code'), value('runs')]
  const failed = code !== undefined && /^[1-9]/.test(code)
  return {
    name,
    installed,
    enabled: printed !== null,
    state: printed === null ? null : value('state') === 'running' ? 'active' : failed ? 'failed' : 'inactive',
    problem: failed ? `exit code ${code}` : null,
    pid: Number(pid) || null,
    restarts: runs === undefined ? null : Math.max(0, Number(runs) - 1),
  }
}
