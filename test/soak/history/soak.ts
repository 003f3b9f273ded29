/** One soak: sets the scene, lets all actors act, waits until it is quiet, reads everything back, and checks it. */
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { controlSocketPath } from '../../../src/platform/places/codex-home.ts'
import { eventually } from '../../support/waiting/eventually.ts'
import { checkHistory } from './check/check-history.ts'
import { checkProcesses } from './check/check-processes.ts'
import { keepSubmitting, keepSubmittingAsCodex } from './connect.ts'
import { excerpt } from './excerpt.ts'
import { breakThings } from './faults.ts'
import { type Follower, keepReading, readLedger, startFollower } from './follow.ts'
import type { History, Sample } from './history.ts'
import { keepPosting } from './post.ts'
import { isDaemon, leftovers, processesOf, sampleProcesses } from './processes.ts'
import { type Recording, startRecording } from './recording.ts'
import { keepSharingPrivate } from './share-private.ts'
import { makeSoakSite, type SoakSite } from './soak-site.ts'
import { readStoredPrompts } from './stored-prompts.ts'
import { keepTyping } from './type.ts'

export interface SoakOptions {
  readonly seed: number
  readonly seconds: number
  readonly only: readonly string[]
  readonly keep: boolean
  readonly ownMounts: boolean
}

const mostShown = 8

/** Returns how many promises were broken. */
export async function soak({ seed, seconds, only, keep, ownMounts }: SoakOptions): Promise<number> {
  say(`soak: ${seconds} s, seed ${seed}`)
  const site = await makeSoakSite({ ownMounts, diskMiB: 64 + Math.floor(seconds / 4) })
  let broken = 0
  try {
    const threads = await Promise.all(['one', 'two', 'three'].map((name) => newThread(site, name)))
    const recording = startRecording(site, threads, { seed, endMs: Date.now() + seconds * 1000 })
    const followers = threads.flatMap((threadId, index) =>
      [1, 2].map((n) => startFollower(recording, `tail ${index + 1}.${n}`, threadId)),
    )
    const samples = await actAll(recording, followers, only)
    const { complaints } = recording
    await becomeQuiet(site)
    const history = await readHistory(recording, followers)
    complaints.push(...checkProcesses(samples, await sampleProcesses(site)))
    for (const follower of followers) await follower.stop()
    complaints.push(...(await stopAll(site)))
    const violations = checkHistory(history)
    for (const complaint of complaints) say(`BROKEN: ${complaint}`)
    for (const violation of violations.slice(0, mostShown)) {
      say(`BROKEN: ${violation.promise}`)
      for (const line of excerpt(history, violation)) say(`  ${line}`)
    }
    for (const { promise } of violations.slice(mostShown)) say(`BROKEN: ${promise}`)
    broken = complaints.length + violations.length
    say(summary(history, samples))
  } catch (error) {
    broken += 1
    say(`BROKEN: ${error instanceof Error ? error.stack : String(error)}`)
  } finally {
    await site.run('daemon', 'stop', '--all')
    if (keep || broken > 0) say(`the home is ${site.dir}`)
    await site.close({ keep: keep || broken > 0 })
  }
  say(broken === 0 ? 'all promises kept' : `${broken} broken (seed ${seed})`)
  return broken
}

async function newThread(site: SoakSite, name: string): Promise<string> {
  const { code, lines } = await site.run('start', '--name', name, '--json')
  if (code !== 0) throw new Error(`codex-share start ended with ${code}`)
  return (JSON.parse(lines[0] ?? '') as { threadId: string }).threadId
}

async function actAll(
  recording: Recording,
  followers: readonly Follower[],
  only: readonly string[],
): Promise<Sample[]> {
  const samples: Sample[] = []
  const heads = (threadId: string) =>
    Math.max(...followers.filter((one) => one.threadId === threadId).map((one) => one.lastId()))
  const keepSampling = async () => {
    while (!recording.isOver()) {
      samples.push(await sampleProcesses(recording.site))
      await delay(1000)
    }
  }
  await Promise.all([
    breakThings({ recording, followers }, only),
    ...['post 1', 'post 2', 'post 3'].map((actor) => keepPosting(recording, actor)),
    ...['socket 1', 'socket 2'].map((actor) => keepSubmitting(recording, actor)),
    keepSubmittingAsCodex(recording, 'stock 1', join(recording.site.runtimeDir, 'codex.sock')),
    keepSubmittingAsCodex(recording, 'stock 2', controlSocketPath(recording.site.codexHome)),
    keepSharingPrivate(recording, 'plain 1'),
    keepTyping(recording, 'ui 1'),
    keepReading(recording, 'get 1', heads),
    keepSampling(),
  ])
  return samples
}

/** No fault any more: a command answers, every turn ends, and of those that were started as daemons one has stayed. */
async function becomeQuiet(site: SoakSite): Promise<void> {
  await eventually(
    'all turns end',
    async () => {
      const { code, lines } = await site.run('list', '--json')
      return code === 0 && (JSON.parse(lines[0] ?? '[]') as { turn: unknown }[]).every(({ turn }) => turn === null)
    },
    60_000,
  )
  await eventually('one daemon is left', () => processesOf(site).filter(isDaemon).length === 1)
}

async function readHistory(recording: Recording, followers: readonly Follower[]): Promise<History> {
  const { site } = recording
  const heads = await readLedgers(recording)
  for (const { who, threadId, lastId } of followers) {
    const head = heads.get(threadId)?.at(-1)?.id ?? 0
    await eventually(`${who} reaches event ${head}`, () => lastId() >= head, 30_000).catch((error: unknown) =>
      recording.complaints.push(String(error)),
    )
  }
  // Codex still says something now and then: what anybody was told by now, the ledger has when it is read after it.
  const observations = recording.observations.map((one) => ({ ...one, events: [...one.events] }))
  const ledger = await readLedgers(recording)
  return { ...recording, observations, ledger, storedPrompts: readStoredPrompts(site.codexHome), asked: site.asked }
}

async function readLedgers({ site, threads, sharedLater }: Recording) {
  const ledger = new Map<string, Awaited<ReturnType<typeof readLedger>>>()
  for (const threadId of [...threads, ...sharedLater]) ledger.set(threadId, await readLedger(site, threadId))
  return ledger
}

async function stopAll(site: SoakSite): Promise<string[]> {
  const { code } = await site.run('daemon', 'stop', '--all')
  const left = processesOf(site).map(({ pid, command }) => `still runs: ${pid} ${command}`)
  return [
    ...(code === 0 ? [] : [`daemon stop --all ended with ${code}`]),
    ...left,
    ...leftovers(site).map((path) => `left behind: ${path}`),
  ]
}

function summary({ attempts, faults, ledger, observations }: History, samples: readonly Sample[]): string {
  const count = <T>(all: readonly T[], nameOf: (one: T) => string) =>
    [...Map.groupBy(all, nameOf)]
      .map(([name, list]) => `${list.length} ${name}`)
      .sort()
      .join(', ')
  const largest = Math.max(0, ...samples.flatMap(({ daemons }) => daemons.map(({ residentKiB }) => residentKiB)))
  return [
    `${attempts.length} submits: ${count(attempts, ({ kind, outcome }) => `${kind} ${outcome.is}`)}`,
    `${faults.length} faults: ${count(faults, ({ what }) => what)}`,
    `${[...ledger.values()].flat().length} events at the end, ${observations.flatMap(({ events }) => events).length} seen by ${observations.length} observers; at most ${Math.round(largest / 1024)} MiB`,
  ].join('\n')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
