/**
 * Settings that act: they name a program that is run, or open a door. Where an agent could have written them they are not used.
 *
 * They are read when the daemon starts, and never because the file has changed.
 */
import { defaultSettings, type Settings } from './settings.ts'

export interface ActingSettings {
  readonly settings: Settings
  /** The names of those that were set in the file and are not used. */
  readonly refused: readonly string[]
}

/** The settings with the defaults in place of those that act, and which were set otherwise. */
export function refuseActingSettings(settings: Settings): ActingSettings {
  const { codexBin, peers } = defaultSettings
  const refused = [
    ...(settings.codexBin === codexBin ? [] : ['codexBin']),
    ...(settings.peers.confined === peers.confined ? [] : ['peers.confined']),
  ]
  return { settings: { ...settings, codexBin, peers }, refused }
}
