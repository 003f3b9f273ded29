/** Tells whether two environments have the same API keys, without either showing one: by digests with a salt that is used once. */
import { createHmac, randomBytes } from 'node:crypto'
import type { KeyDigests } from '../../protocol/status.ts'
import type { Environment } from '../places/resolve-places.ts'

export function digestKeys(names: readonly string[], env: Environment): KeyDigests {
  const salt = randomBytes(32).toString('hex')
  return { salt, keys: [...new Set(names)].map((name) => ({ name, digest: digestOf(env[name], salt) })) }
}

/** The names of those that this environment sets, and to something else. One that it does not set is nobody's wish for another. */
export function changedKeys({ salt, keys }: KeyDigests, env: Environment): string[] {
  return keys.filter(({ name, digest }) => env[name] && digestOf(env[name], salt) !== digest).map(({ name }) => name)
}

function digestOf(key: string | undefined, salt: string): string | null {
  return key ? createHmac('sha256', Buffer.from(salt, 'hex')).update(key).digest('hex') : null
}
