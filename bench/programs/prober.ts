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
    const note = () => latenciesMs.push(performance.now() - fromMs)
    // Refused when too many wait already: an answer all the same.
    void peer.call('share/who', { threadId: 'nobody' }).then(note, note)
  }
  setTimeout(ask, Math.max(dueMs - performance.now(), 1))
}

ask()
process.on('message', () => {
  // Those that are still out belong to what is measured.
  const report = () => {
    process.send?.(latenciesMs)
    latenciesMs = []
  }
  void peer.call('share/who', { threadId: 'nobody' }).then(report, report)
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
