/** A temporary home: every folder of the user's in one place that goes when the test is over. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Scratch {
  readonly dir: string
  readonly runtimeDir: string
  readonly codexHome: string
  /** Of the daemon that has the ledger. */
  readonly ownerRecord: string
  readonly appServerRecord: string
  /** The environment of a user who lives here. */
  readonly env: NodeJS.ProcessEnv
  remove(): void
}

export function makeScratch(): Scratch {
  const dir = mkdtempSync(join(tmpdir(), 'codex-share-test-'))
  const runtimeDir = join(dir, 'run')
  const codexHome = join(dir, 'codex')
  mkdirSync(runtimeDir, { mode: 0o700 })
  mkdirSync(codexHome)
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    HOME: dir,
    CODEX_HOME: codexHome,
    XDG_CONFIG_HOME: join(dir, 'config'),
    XDG_DATA_HOME: join(dir, 'data'),
    XDG_STATE_HOME: join(dir, 'state'),
    XDG_CACHE_HOME: join(dir, 'cache'),
    CODEX_SHARE_RUNTIME_DIR: runtimeDir,
  }
  const data = join(dir, 'data/codex-share')
  const records = { ownerRecord: join(data, 'owner.json'), appServerRecord: join(data, 'app-server.json') }
  return {
    dir,
    runtimeDir,
    codexHome,
    ...records,
    env,
    remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }),
  }
}
