/** Codexes of other versions, from npm, in a cache outside the checkout: what was installed once is there the next time. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import envPaths from 'env-paths'
import * as v from 'valibot'
import { assertSupported } from '../../src/codex/binary/codex-version.ts'
import { ShareError } from '../../src/protocol/errors.ts'

const packageName = '@openai/codex'

export interface InstalledCodex {
  readonly version: string
  /** The version's own folder in the cache; `node_modules` is in it. */
  readonly folder: string
  readonly launcher: string
}

/**
 * Installs a version or a tag, such as `0.169.0` or `latest`.
 *
 * @throws ShareError `notFound` when npm has no such version; `unavailable` when npm cannot be asked, or for one that is too old
 */
export function codexFromNpm(wanted: string): InstalledCodex {
  const version = exactVersion(wanted)
  assertSupported(version)
  const folder = join(cacheFolder(), 'codex', version)
  const launcher = join(folder, 'node_modules', packageName, 'bin', 'codex.js')
  if (!existsSync(launcher)) install(version, folder)
  return { version, folder, launcher }
}

/** Root's tests of services run the program as other users, who cannot look into root's home. */
function cacheFolder(): string {
  const isRoot = process.getuid?.() === 0 && process.env.XDG_CACHE_HOME === undefined
  return isRoot ? '/var/cache/codex-share' : envPaths('codex-share', { suffix: '' }).cache
}

function install(version: string, folder: string): void {
  console.error(`Installing Codex ${version} …`)
  const fresh = `${folder}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  npm(['install', '--prefix', fresh, '--no-save', '--no-fund', '--no-audit', `${packageName}@${version}`])
  rmSync(folder, { recursive: true, force: true })
  renameSync(fresh, folder)
}

function exactVersion(wanted: string): string {
  const said = npm(['view', '--json', `${packageName}@${wanted}`, 'version'])
  const versions = v.parse(v.union([v.string(), v.array(v.string())]), said === '' ? [] : JSON.parse(said))
  const version = [versions].flat().at(-1)
  if (version === undefined) throw noSuchVersion(wanted)
  return version
}

/** @throws ShareError */
function npm(args: string[]): string {
  try {
    return execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (error) {
    const stderr = v.is(v.looseObject({ stderr: v.string() }), error) ? error.stderr : String(error)
    const wanted = args.find((arg) => arg.startsWith(`${packageName}@`))?.slice(packageName.length + 1) ?? ''
    if (/\bE404\b|\bETARGET\b/.test(stderr)) throw noSuchVersion(wanted)
    throw new ShareError('unavailable', `npm ${args[0]} failed: ${stderr.trim().split('\n')[0]}`, {
      hint: 'Is there a way to the registry? `npm ping` tells.',
    })
  }
}

function noSuchVersion(wanted: string): ShareError {
  return new ShareError('notFound', `npm has no ${packageName} ${wanted}`, {
    hint: `\`npm view ${packageName} versions\` lists them.`,
  })
}
