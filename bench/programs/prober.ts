/**
 * A peer that asks the daemon for next to nothing every 10 ms and notes how long each answer took, from the moment that it was to be
 * asked: whoever holds the daemon's loop shows in that. Started with `fork`; reports, and begins again, at each message.
 */
import { connectDaemonPeer } from '../wires/daemon-peer.ts'

const everyMs = 10
const socketPath = process.argv[2] ?? ''
const peer = await connectDaemonPeer({ socketPath, onDelta: () => {}, onNotification: () => {} })
let latenciesMs: number[] = []
let dueMs = performance.now()

function ask(): void {
  for (; dueMs <= performance.now(); dueMs += everyMs) {
    const fromMs = dueMs
    void peer.call('share/who', { threadId: 'nobody' }).then(() => latenciesMs.push(performance.now() - fromMs))
  }
  setTimeout(ask, Math.max(dueMs - performance.now(), 1))
}

ask()
process.on('message', () => {
  // Those that are still out belong to what is measured.
  void peer.call('share/who', { threadId: 'nobody' }).then(() => {
    process.send?.(latenciesMs)
    latenciesMs = []
  })
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
