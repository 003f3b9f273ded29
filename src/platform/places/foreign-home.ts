/** As root nothing is made in another user's home, as under `sudo -E`: what is left there would be closed to that user. */
import { statSync } from 'node:fs'
import { ShareError } from '../../protocol/errors.ts'
import { nearestExisting } from './make-folder.ts'

/** @throws ShareError `unavailable` */
export function refuseForeignHome(folders: readonly string[]): void {
  if (process.getuid?.() !== 0) return
  for (const folder of folders) {
    const there = nearestExisting(folder)
    if (statSync(there).uid === 0) continue
    throw new ShareError('unavailable', `root is not to write in ${there}, which belongs to another user`, {
      facts: { folder: there },
      hint: 'Run it without sudo. For threads of root’s own use `sudo -H`, or set HOME (and XDG_… variables, if any) to folders of root’s.',
    })
  }
}
