/** The environment of the person who adopted, kept for the app-server: a file of NAME="value" lines, as systemd reads it (EnvironmentFile=). */
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dataFolder, prepareFolder } from '../places/own-folders.ts'
import type { Environment, Places } from '../places/resolve-places.ts'
import { writeWhole } from '../write-whole.ts'
import { isSecret, type PersonVariables, personVariables, type Variables } from './person-variables.ts'

const line = /^([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"$/

/** Empty where none is kept. */
export function readKeptEnvironment({ environmentFile }: Pick<Places, 'environmentFile'>): Variables {
  let text: string
  try {
    text = readFileSync(environmentFile, 'utf8')
  } catch {
    return {}
  }
  const pairs = text.split('\n').flatMap((each): [string, string][] => {
    const [, name, value] = line.exec(each) ?? []
    return name === undefined || value === undefined ? [] : [[name, value.replace(/\\(.)/g, '$1')]]
  })
  return Object.fromEntries(pairs)
}

/** Names of the secrets that are kept, since somebody asked for them. */
export function keptSecrets(places: Pick<Places, 'environmentFile'>): Set<string> {
  const secrets = Object.entries(readKeptEnvironment(places)).filter(([name, value]) => isSecret(name, value))
  return new Set(secrets.map(([name]) => name))
}

/**
 * Keeps the variables of this environment (0600) in the place of what was kept. A secret that was kept before, or is in `wanted`, is
 * kept; others are only named in the result.
 *
 * @throws ShareError `unavailable` when the data folder cannot be written; Error of the file system
 */
export async function keepEnvironment(
  places: Places,
  env: Environment,
  wanted: readonly string[],
): Promise<PersonVariables> {
  const kept = personVariables(env, new Set([...wanted, ...keptSecrets(places)]))
  prepareFolder(dataFolder(places))
  const lines = Object.entries(kept.variables).map(
    ([name, value]) => `${name}="${value.replace(/[\\"$`]/g, '\\$&')}"\n`,
  )
  await writeWhole(places.environmentFile, `${head}${lines.join('')}`)
  return kept
}

export async function forgetEnvironment({ environmentFile }: Places): Promise<void> {
  await rm(environmentFile, { force: true })
}

const head = '# The environment of the Codex app-server. `codex-share adopt --refresh` replaces it.\n'
