/** Says in the settings of a scene how long its ledger keeps what it has; they are read at the daemon's next start. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Of any size; 0 days for ever. By default a ledger of five million events is too large, and let go of while it is measured. */
export function keepFor(dir: string, days: number): void {
  const folder = join(dir, 'config/codex-share')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ retention: { days, megabytes: 0 } }), { mode: 0o600 })
}
