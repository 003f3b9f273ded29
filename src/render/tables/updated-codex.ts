/** The notice that Codex was updated under the app-server that runs. */
import type { DaemonStatus } from '../../protocol/status.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'

/** Null where the two are the same, or one is not known. */
export function updatedCodex({
  version,
  installed,
}: Pick<DaemonStatus['appServer'], 'version' | 'installed'>): string | null {
  if (!version || !installed || version === installed) return null
  return `Codex ${visibleLine(installed)} is installed, and ${visibleLine(version)} runs: \`codex-share daemon restart --app-server\` starts the new one as soon as no turn runs`
}
