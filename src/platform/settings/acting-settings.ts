/**
 * Settings that act: they name a program that is run, or open a door. Where an agent could have written them they are not used.
 *
 * They are read when the daemon starts, and never because the file has changed.
 */
import { isAbsolute } from 'node:path'
import { type ThreadFolder, threadFolderOf } from '../places/thread-folders.ts'
import { defaultSettings, type Settings } from './settings.ts'

interface ActingSettings {
  readonly settings: Settings
  /** The names of those that were set in the file and are not used. */
  readonly refused: readonly string[]
}

/** The settings with the defaults in place of those that act, and which were set otherwise. */
export function refuseActingSettings(settings: Settings): ActingSettings {
  const { codexBin, adoptShares, peers } = defaultSettings
  const refused = [
    ...(settings.codexBin === codexBin ? [] : ['codexBin']),
    ...(settings.adoptShares === adoptShares ? [] : ['adoptShares']),
    ...(settings.peers.confined === peers.confined ? [] : ['peers.confined']),
  ]
  return { settings: { ...settings, codexBin, adoptShares, peers }, refused }
}

/** Why the Codex that the settings in `file` name is not to be run; undefined when it may be, or they name none. */
export function reasonAgainstCodex(
  { codexBin }: Settings,
  file: string,
  threads: readonly ThreadFolder[],
): string | undefined {
  if (codexBin === null) return undefined
  for (const path of [file, ...(isAbsolute(codexBin) ? [codexBin] : [])]) {
    const holder = threadFolderOf(path, threads)
    if (holder) return `${path} ${inReachOf(holder)}`
  }
  return undefined
}

/** As the end of a sentence on a file. */
export function inReachOf({ threadId, folder }: ThreadFolder): string {
  return `lies in ${folder}, where the agent of the shared thread ${threadId} may write`
}
