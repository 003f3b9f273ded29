/** Takes things away at random: processes are killed, stopped and asked to end, sockets and folders removed, the disk filled, the clock set. */
import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { controlSocketPath } from '../../../src/platform/places/codex-home.ts'
import { readLiveRecord } from '../../../src/platform/processes/process-record.ts'
import { signalIfThere } from '../../support/waiting/signal-if-there.ts'
import type { Chance } from '../chance.ts'
import type { Follower } from './follow.ts'
import type { Recording } from './recording.ts'

export interface FaultScene {
  readonly recording: Recording
  readonly followers: readonly Follower[]
}

type Fault = (scene: FaultScene, chance: Chance) => Promise<unknown> | unknown

async function daemonPid({ recording: { site } }: FaultScene): Promise<number | undefined> {
  return (await readLiveRecord(site.ownerRecord))?.pid
}

async function appServerPid({ recording: { site } }: FaultScene): Promise<number | undefined> {
  return (await readLiveRecord(site.appServerRecord))?.pid
}

async function signalDaemon(scene: FaultScene, signal: NodeJS.Signals): Promise<number | undefined> {
  const pid = await daemonPid(scene)
  if (pid !== undefined) signalIfThere(pid, signal)
  return pid
}

async function signalAppServer(scene: FaultScene, signal: NodeJS.Signals): Promise<number | undefined> {
  const pid = await appServerPid(scene)
  if (pid !== undefined) signalIfThere(signal === 'SIGKILL' ? -pid : pid, signal)
  return pid
}

/** Longer than most deadlines of a second, shorter than a person's patience. */
async function freeze(pid: number | undefined, ms: number): Promise<void> {
  if (pid === undefined) return
  await delay(ms)
  signalIfThere(pid, 'SIGCONT')
}

const processFaults: Readonly<Record<string, Fault>> = {
  'kill -9 of the daemon': (scene) => signalDaemon(scene, 'SIGKILL'),
  'kill -9 of the daemon, again': (scene) => signalDaemon(scene, 'SIGKILL'),
  'kill -9 of the app-server': (scene) => signalAppServer(scene, 'SIGKILL'),
  'kill -9 of both': (scene) => Promise.all([signalDaemon(scene, 'SIGKILL'), signalAppServer(scene, 'SIGKILL')]),
  'SIGTERM of the daemon': (scene) => signalDaemon(scene, 'SIGTERM'),
  'SIGTERM of the app-server': (scene) => signalAppServer(scene, 'SIGTERM'),
  'SIGSTOP of the daemon': async (scene, chance) =>
    freeze(await signalDaemon(scene, 'SIGSTOP'), 200 + chance.below(chance.percent(20) ? 15_000 : 3000)),
  'SIGSTOP of the app-server': async (scene, chance) =>
    freeze(await signalAppServer(scene, 'SIGSTOP'), 200 + chance.below(chance.percent(20) ? 15_000 : 3000)),
  'daemon restart': ({ recording }) => recording.site.run('daemon', 'restart'),
  'daemon stop': ({ recording }) => recording.site.run('daemon', 'stop'),
  'daemon stop --all': ({ recording }) => recording.site.run('daemon', 'stop', '--all'),
  'an interrupt': ({ recording }, chance) =>
    recording.site.run('interrupt', '--thread', chance.pick(recording.threads)),
  'eight commands at once': ({ recording }) =>
    Promise.all(Array.from({ length: 8 }, () => recording.site.run('list', '--json'))),
}

const surroundingFaults: Readonly<Record<string, Fault>> = {
  'daemon.sock removed': ({ recording: { site } }) => rmSync(join(site.runtimeDir, 'daemon.sock'), { force: true }),
  'codex.sock removed': ({ recording: { site } }) => rmSync(join(site.runtimeDir, 'codex.sock'), { force: true }),
  'the control socket removed': ({ recording: { site } }) => rmSync(controlSocketPath(site.codexHome), { force: true }),
  'the runtime folder removed': ({ recording: { site } }) => removeFolder(site.runtimeDir),
  'a follower killed and resumed': ({ followers }, chance) => chance.pick(followers).resume(),
  'a follower killed and resumed, again': ({ followers }, chance) => chance.pick(followers).resume(),
  'a full disk': ({ recording: { site } }, chance) => site.disk && fillFor(site.disk, chance),
  'another clock': async ({ recording: { site } }, chance) => {
    site.setClock?.(chance.pick([-400, -1, 1, 400]))
    await delay(2000 + chance.below(6000))
    site.setClock?.(0)
  },
}

function removeFolder(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch (error) {
    // Somebody has made a file in it meanwhile.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error
  }
}

/** Leaves some KiB or nothing free for a while. */
async function fillFor(disk: string, chance: Chance): Promise<void> {
  const filler = join(disk, 'filler')
  const leftKiB = chance.pick([0, 0, 8, 24, 100])
  const spanMs = 500 + chance.below(4000)
  const file = openSync(filler, 'w')
  try {
    for (const size of [1024 * 1024, 4096])
      while (freeKiB(disk) * 1024 >= size + leftKiB * 1024) writeSync(file, Buffer.alloc(size))
  } catch {
    // It is full: others write to it, too.
  } finally {
    closeSync(file)
  }
  await delay(spanMs)
  rmSync(filler, { force: true })
}

function freeKiB(path: string): number {
  const { bavail, bsize } = statfsSync(path)
  return (bavail * bsize) / 1024
}

export const faultNames: readonly string[] = [...Object.keys(processFaults), ...Object.keys(surroundingFaults)]

/** `only` keeps those whose names hold one of these words, which brings a violation down to its cause. */
async function keepBreaking(
  scene: FaultScene,
  actor: string,
  faults: Readonly<Record<string, Fault>>,
  only: readonly string[],
): Promise<void> {
  const { recording } = scene
  const chance = recording.chance(actor)
  const names = Object.keys(faults).filter((name) => only.length === 0 || only.some((word) => name.includes(word)))
  while (!recording.isOver() && names.length > 0) {
    await delay(300 + chance.below(3500))
    const name = chance.pick(names)
    const startedMs = Date.now()
    await faults[name]?.(scene, chance)
    recording.faults.push({ what: name.replace(', again', ''), startedMs, endedMs: Date.now() })
  }
}

export async function breakThings(scene: FaultScene, only: readonly string[]): Promise<void> {
  await Promise.all([
    keepBreaking(scene, 'processes', processFaults, only),
    keepBreaking(scene, 'surroundings', surroundingFaults, only),
  ])
  const filler = scene.recording.site.disk && join(scene.recording.site.disk, 'filler')
  if (filler && existsSync(filler)) rmSync(filler)
}
