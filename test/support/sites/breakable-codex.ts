/** The real Codex behind a script that a test can break: as a whole, or only for the daemon. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface BreakableCodex {
  /** Names it to the UI and to the daemon. */
  readonly env: NodeJS.ProcessEnv
  /** From now on it runs as a child of its caller, and not as a server of its own. */
  refuseToListen(): void
  /** It calls itself this version, as it does once it was updated. */
  update(version: string): void
  remove(): void
  mend(): void
}

const real = join(import.meta.dirname, '../../../node_modules/.bin/codex')

export function makeBreakableCodex(dir: string): BreakableCodex {
  const path = join(dir, 'breakable-codex')
  const write = (...lines: string[]) => {
    writeFileSync(path, `${['#!/bin/sh', ...lines, `exec '${real}' "$@"`].join('\n')}\n`)
    chmodSync(path, 0o755)
  }
  write()
  return {
    env: { CODEX_SHARE_CODEX_BIN: path },
    refuseToListen: () => write('case "$*" in *--listen*) echo "listening is broken" >&2; exit 3;; esac'),
    update: (version) => write(`case "$*" in *--version) echo "codex-cli ${version}"; exit;; esac`),
    remove: () => rmSync(path),
    mend: () => write(),
  }
}
