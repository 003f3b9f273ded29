/** Row 4: request and reply on `daemon.sock`, against a bare server that sends the same bytes back and forth. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ratioFinding } from '../measure/findings.ts'
import { interleaved } from '../measure/rounds.ts'
import { median } from '../measure/statistics.ts'
import type { Row } from '../row.ts'
import { endWithUs } from '../scene/clean-up.ts'
import { openLineWire } from '../wires/line-wire.ts'

const bareServer = fileURLToPath(new URL('../programs/bare-server.ts', import.meta.url))
const share = { protocol: { min: 1, max: 1 }, kind: 'script', label: 'bench' }
const hello = request('initialize', { clientInfo: { name: 'bench', version: '0' }, share })
const question = request('share/who', { threadId: '00000000-0000-7000-8000-000000000000' })
const answer = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { peers: [] } })

export const requestReply: Row = async ({ quick, rounds, shared }) => {
  const { daemonSocket, dir } = await shared('fake')
  const barePath = join(dir, 'bare.sock')
  const bare = fork(bareServer, [barePath, answer], { execPath: process.execPath, execArgv: [] })
  endWithUs(bare)
  await once(bare, 'message')
  const daemon = await openAsker(daemonSocket)
  await daemon.ask(hello)
  const plain = await openAsker(barePath)
  const count = quick ? 500 : 3000
  const { floor, ours } = await interleaved(rounds, {
    floor: () => roundTrips(plain.ask, count),
    ours: () => roundTrips(daemon.ask, count),
  })
  plain.close()
  daemon.close()
  bare.disconnect()
  const figure = (label: string, values: number[][]) => ({ label, value: median(values.flat()) * 1000, unit: 'µs' })
  const comparison = { row: 4, what: 'request and reply', floor: figure('net', floor), ours: figure('daemon', ours) }
  return [ratioFinding(comparison, { atMost: 1.3 })]
}

/** Milliseconds of each of so many, one after the other. */
async function roundTrips(ask: (text: string) => Promise<void>, count: number): Promise<number[]> {
  const took: number[] = []
  for (let trip = 0; trip < count; trip += 1) {
    const from = performance.now()
    await ask(question)
    took.push(performance.now() - from)
  }
  return took
}

async function openAsker(path: string) {
  let answered: () => void = () => {}
  const wire = await openLineWire(path, () => answered())
  const ask = (text: string) =>
    new Promise<void>((resolve) => {
      answered = resolve
      wire.send(text)
    })
  return { ask, close: wire.close }
}

function request(method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
}
