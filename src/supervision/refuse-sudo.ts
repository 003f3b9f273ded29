/** A service is per user: under sudo that user would be root. */
import type { Environment } from '../platform/places/resolve-places.ts'
import { ShareError } from '../protocol/errors.ts'

/** @throws ShareError `unavailable` */
export function refuseSudo({ SUDO_USER: user }: Environment, uid = process.getuid?.()): void {
  if (uid !== 0 || !user) return
  throw new ShareError('unavailable', 'the service is per user, and under sudo that user would be root', {
    hint: `Run it as ${user}, without sudo.`,
  })
}
