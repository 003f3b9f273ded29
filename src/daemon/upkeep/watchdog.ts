/** Ends the process when its event loop stands still, so that a service manager starts another: a hung daemon would keep everybody waiting. */
import { Worker } from 'node:worker_threads'

export interface WatchdogOptions {
  /** Seconds that the loop may stand still. */
  readonly seconds: number
}

const beatMs = 1000

/**
 * A thread looks at a count that the event loop raises every second. It counts its own looks and no clock: a process that was stopped
 * or a machine that slept has not looked either, and is not taken for hung. What it says before it kills goes straight to stderr.
 *
 * @returns a function that does long work of ours, for whose time the loop may stand still
 */
export function startWatchdog({ seconds }: WatchdogOptions): <T>(work: () => T) => T {
  const beats = new Int32Array(new SharedArrayBuffer(8))
  const limit = Math.max(2, Math.round((seconds * 1000) / beatMs))
  const worker = new Worker(watcher, {
    eval: true,
    workerData: { beats, limit, beatMs, pid: process.pid },
    stderr: false,
  })
  worker.unref()
  setInterval(() => Atomics.add(beats, 0, 1), beatMs).unref()
  return (work) => {
    Atomics.store(beats, 1, 1)
    try {
      return work()
    } finally {
      Atomics.store(beats, 1, 0)
    }
  }
}

/** As text: a bundle has no second file for a thread to start from. */
const watcher = `
const { workerData } = require('node:worker_threads')
const { writeSync } = require('node:fs')
const { beats, limit, beatMs, pid } = workerData
let [last, same] = [Atomics.load(beats, 0), 0]
setInterval(() => {
  const now = Atomics.load(beats, 0)
  same = now === last && Atomics.load(beats, 1) === 0 ? same + 1 : 0
  last = now
  if (same < limit) return
  const seconds = Math.round(same * beatMs / 1000)
  const line = { level: 60, time: new Date().toISOString(), seconds, msg: 'the event loop stood still: the watchdog ends the daemon' }
  try { writeSync(2, '<2>' + JSON.stringify(line) + '\\n') } catch { /* Nobody reads it: the end matters more. */ }
  process.kill(pid, 'SIGKILL')
}, beatMs)
`
