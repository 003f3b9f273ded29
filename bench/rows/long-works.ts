/** What may take long with a large ledger, each as it is asked for or comes about. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { crashMachine } from '../../test/support/samples/damage-ledger.ts'
import { wholeProcess } from '../measure/whole-process.ts'
import { keepFor } from '../scene/keep-for.ts'
import { keptDays } from '../scene/kept-ledger.ts'
import { program, type Scene } from '../scene/scene.ts'
import { seededThread } from '../scene/seed-ledger.ts'
import { startReader } from '../scene/start-reader.ts'
import type { Loose } from '../wires/caller.ts'

export interface LongWork {
  readonly what: string
  /** Not measured. */
  readonly before?: () => Promise<void>
  readonly run: () => Promise<void>
  readonly after?: () => Promise<void>
}

interface Place {
  readonly scene: Scene
  readonly threads: number
  readonly quick: boolean
}

const dayMs = 86_400_000
const seededTurn = '00000000-0000-7000-9000-000000000005'

/** The last ones change what the ledger has. */
export function worksOnALargeLedger(place: Place): LongWork[] {
  const { scene, threads, quick } = place
  const some = <T>(count: number) => Array.from({ length: quick ? Math.ceil(count / 10) : count }) as T[]
  const ask = async (method: string, paramsOf: (index: number) => Loose, times: number) => {
    const peer = await scene.connect()
    for (const [index] of some(times).entries()) {
      await peer.call(method, paramsOf(index))
      await delay(1)
    }
    peer.close()
  }
  const thread = (index: number) => seededThread(index % threads)
  const forget = (subject: Loose) => ask('share/forget', () => subject, 1)
  const from = { atMs: Date.now() - (keptDays / 2) * dayMs }
  const checkLog = join(scene.dir, 'state/codex-share/daemon.log')
  return [
    { what: 'nothing', run: () => delay(quick ? 500 : 3000) },
    { what: 'status', run: () => ask('share/status', () => ({}), 20) },
    { what: 'list', run: () => ask('share/list', () => ({}), 50) },
    { what: 'get of the newest', run: () => ask('share/events', (index) => ({ threadId: thread(index) }), 500) },
    { what: 'get --from TIME', run: () => ask('share/events', (index) => ({ threadId: thread(index), from }), 500) },
    {
      what: 'replay of 50 threads from 1',
      run: () =>
        replay(
          scene,
          some(50).map((_, index) => thread(index)),
        ),
    },
    { what: '40 answers of 5,000 deltas', run: () => flood(scene, quick ? 4 : 40) },
    { what: 'doctor --deep', run: () => deepDoctor(scene) },
    {
      what: 'the check after a crash',
      async before() {
        await restart(scene, () => crashMachine(ledgerOf(scene)))
      },
      run: () => untilLogged(checkLog, 'the ledger was checked'),
    },
    { what: 'forgetting a turn', run: () => forget({ threadId: thread(3), turnId: seededTurn }) },
    { what: 'forgetting a text', run: () => forget({ threadId: thread(4), match: 'Prompt number 7.' }) },
    { what: 'forgetting a thread', run: () => forget({ threadId: thread(5) }) },
    {
      what: 'retention of half of it',
      before: () => restart(scene, () => keepFor(scene.dir, keptDays / 2)),
      run: () => untilPruned(scene, () => 0),
    },
  ]
}

function ledgerOf({ dir }: Scene): string {
  return join(dir, 'data/codex-share/ledger.db')
}

async function restart(scene: Scene, meanwhile: () => void | Promise<void>): Promise<void> {
  await scene.stopDaemon()
  await meanwhile()
  await scene.startDaemon()
}

/** A peer that takes all that some threads have. */
async function replay({ connect }: Scene, threadIds: readonly string[]): Promise<void> {
  const peer = await connect()
  for (const threadId of threadIds) {
    await peer.call('share/subscribe', { threadId, after: 0 })
    // Answered behind what was read for it.
    await peer.call('share/unsubscribe', { threadId })
  }
  peer.close()
}

async function flood({ daemonSocket }: Scene, answers: number): Promise<void> {
  const reader = await startReader({ via: 'daemon', socketPath: daemonSocket, peers: 1, timed: false })
  for (let answer = 0; answer < answers; answer += 1) await reader.turn('flood 5000 200', 5000)
  reader.close()
}

async function deepDoctor({ env }: Scene): Promise<void> {
  await wholeProcess([program, 'doctor', '--deep'], env).catch(() => {}) // It finds the fake Codex odd.
}

async function untilLogged(log: string, words: string): Promise<void> {
  while (!readFileSync(log, 'utf8').includes(words)) await delay(100)
}

/** Until the count of events has been the same for a while, and what `also` says. */
export async function untilPruned(scene: Scene, also: () => number): Promise<void> {
  const peer = await scene.connect()
  const count = async () => Number(((await peer.call('share/status', {})).ledger as Loose).events)
  const before = await count()
  for (let [last, lastAlso, same] = [before, also(), 0]; same < 5; ) {
    await delay(500)
    const [now, nowAlso] = [await count(), also()]
    same = now === last && nowAlso === lastAlso && now < before ? same + 1 : 0
    ;[last, lastAlso] = [now, nowAlso]
  }
  peer.close()
}
