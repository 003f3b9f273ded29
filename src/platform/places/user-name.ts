/** The login name of the user that runs this. */
import { userInfo } from 'node:os'

/** Undefined for a user id without an entry in the system's list, as in a container that was started for one. */
export function userName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}

/** For tools such as loginctl, which take the number too. */
export function userNameOrId(): string {
  return userName() ?? String(process.getuid?.())
}
