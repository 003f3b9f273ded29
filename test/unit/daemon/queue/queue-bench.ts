/** The queues of a daemon on a real ledger, with a gate and an app-server that do what a test says. */
import { join } from 'node:path'
import { pino } from 'pino'
import type { AppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import type { DaemonCore } from '../../../../src/daemon/core.ts'
import { Peers } from '../../../../src/daemon/peers/peers.ts'
import { Recorder } from '../../../../src/daemon/publishing/recorder.ts'
import { QueueDrain } from '../../../../src/daemon/queue/queue-drain.ts'
import { ThreadQueues } from '../../../../src/daemon/queue/thread-queues.ts'
import { TurnSlots } from '../../../../src/daemon/slots/turn-slots.ts'
import { openLedger } from '../../../../src/ledger/ledger.ts'
import { makeScratch } from '../../../support/scratch.ts'

const log = pino({ level: 'silent' })
const ann = { label: 'ann', kind: 'script', pid: 7 }

/** With one shared thread, `t`. */
export function openQueueBench() {
  const scratch = makeScratch()
  const ledger = openLedger(join(scratch.dir, 'ledger.db'))
  ledger.threads.open('t', { name: null, cwd: null, preview: null })
  const recorder = new Recorder({ ledger, log, publish: () => {}, onMissed: () => {} })
  const slots = new TurnSlots()
  /** Texts that reached the gate. */
  const submitted: string[] = []
  let problem: Error | undefined
  const submit = async ({ input }: { input: readonly { readonly text: string }[] }) => {
    if (problem) return { is: 'refused', error: problem }
    slots.onTurnStarted('t', 'turn-1', 0)
    submitted.push(input.map(({ text }) => text).join())
    return { is: 'taken', value: { turn: { id: 'turn-1' } } }
  }
  const fakes = {
    directory: {
      isShared: (threadId: string) => threadId === 't',
      claim: async () => {},
      ensureShared: async () => {},
    },
    gate: { submit },
    gateway: { current: undefined as AppServerLink | undefined, isInUserServer: () => false },
    threadSync: { isFollowed: () => true },
  }
  const core = fakes as unknown as DaemonCore
  const peers = new Peers()
  const queues = new ThreadQueues({ ledger, recorder, peers })
  const { directory, gate, gateway } = core
  const deps = { ledger, recorder, slots, log, peers, queues, directory, gate, gateway }
  const queueDrain = new QueueDrain(deps)
  return {
    ...deps,
    /** With all that answers need. */
    whole: { ...core, slots, queues, queueDrain } as DaemonCore,
    queueDrain,
    submitted,
    add: (text: string, by = ann) =>
      queues.add('t', { clientId: text, input: [{ type: 'text', text }], metadata: null, by }),
    waiting: () => queues.describe('t')?.prompts.map(({ text }) => text) ?? [],
    /** From here on the gate refuses with this. */
    refuseWith: (error: Error | undefined) => {
      problem = error
    },
    close: () => {
      queueDrain.close()
      recorder.close()
      ledger.close()
      scratch.remove()
    },
  }
}

export type QueueBench = ReturnType<typeof openQueueBench>
