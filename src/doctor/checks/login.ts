/** Checks that somebody is logged in to Codex. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

export const login: Check = {
  name: 'Login',
  run({ daemon, codexHome }) {
    const appServer =
      daemon.state === 'running' && daemon.status.appServer.state === 'ready' ? daemon.status.appServer : null
    const stored = existsSync(join(codexHome, 'auth.json'))
    return [
      judgeLogin({
        asked: appServer !== null,
        account: appServer?.account ?? null,
        problem: appServer?.problem ?? null,
        stored,
        codexHome,
      }),
    ]
  },
}

interface LoginFacts {
  /** The app-server itself was asked. */
  readonly asked: boolean
  readonly account: string | null
  readonly problem: string | null
  /** There is an auth.json. */
  readonly stored: boolean
  readonly codexHome: string
}

export function judgeLogin({ asked, account, problem, stored, codexHome }: LoginFacts): Finding {
  if (problem !== null)
    // It says itself what to do, which is not always to log in.
    return { level: 'problem', what: problem, why: 'Turns fail until that is mended.' }
  if (account !== null) return ok(`logged in as ${account}`)
  if (asked) return ok('Codex asks for no login (a model provider of your own)')
  if (stored) return ok(`there is a login in ${codexHome} (not tried: the app-server is not running)`)
  return {
    level: 'note',
    what: `no login in ${codexHome}`,
    why: 'Unless config.toml names a model provider that needs none, turns will fail.',
    fix: 'codex login',
  }
}
