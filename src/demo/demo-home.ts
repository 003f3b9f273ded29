/** A temporary home for the demo: nothing of the user's own is read or changed. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { notWritableError } from '../platform/places/own-folders.ts'

interface DemoHome {
  /** The folder that Codex works in. */
  readonly workDir: string
  readonly codexHome: string
  /** The environment of somebody who lives here. */
  readonly env: NodeJS.ProcessEnv
  remove(): void
}

/** Makes the home; `env` is the one to start from. */
export function makeDemoHome(env: NodeJS.ProcessEnv): DemoHome {
  const dir = makeTemporary()
  const [workDir, codexHome, runtimeDir] = ['work', 'codex', 'run'].map((name) => {
    const path = join(dir, name)
    mkdirSync(path, { mode: 0o700 })
    return path
  }) as [string, string, string]
  return {
    workDir,
    codexHome,
    env: {
      ...env,
      HOME: dir,
      CODEX_HOME: codexHome,
      CODEX_SHARE_RUNTIME_DIR: runtimeDir,
      XDG_CONFIG_HOME: join(dir, 'config'),
      XDG_DATA_HOME: join(dir, 'data'),
      XDG_STATE_HOME: join(dir, 'state'),
    },
    remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  }
}

function makeTemporary(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'codex-share-demo-'))
  } catch (error) {
    throw notWritableError({ what: 'temporary folder', path: tmpdir(), variable: 'TMPDIR' }, error)
  }
}
