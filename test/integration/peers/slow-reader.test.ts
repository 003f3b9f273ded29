/** A peer that stops reading costs no memory to speak of, delays nobody, and misses nothing. */

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { expect } from 'chai'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const events = 20_000

/** A bare socket that said hello and follows the thread, and then reads nothing. */
async function deafPeer(path: string, threadId: string): Promise<Socket> {
  const socket = connect(path)
  await once(socket, 'connect')
  const say = (id: number, method: string, params: object) =>
    socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
  const share = { protocol: { min: 1, max: 1 }, kind: 'script', label: 'deaf' }
  say(1, 'initialize', { clientInfo: { name: 'deaf', version: '0' }, share })
  say(2, 'share/subscribe', { threadId })
  await once(socket, 'data')
  socket.pause()
  return socket
}

function residentKiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}

describeSite('a reader that stops reading', { timeoutMs: 120_000 }, (site) => {
  it(`gets all of ${events} events in order once it reads again, and held nobody up meanwhile`, async () => {
    const poster = await site.connect()
    const threadId = await poster.startThread()
    await poster.follow(threadId)
    // Command output comes as deltas of an item that stays open until the hold is released, so all of them stay in the ledger.
    const deaf = await deafPeer(site.socket, threadId)
    const atRest = residentKiB(poster.hello.pid)
    const { turn } = await poster.submit(threadId, `open ${events} 200`)
    const deltas = () => poster.events.filter(({ method }) => method === 'item/agentMessage/delta')
    await eventually('the reader beside it has them all', () => deltas().length === events, 60_000)
    expect(residentKiB(poster.hello.pid) - atRest).to.be.below(64 * 1024)

    const ids: number[] = []
    let rest = ''
    deaf.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const { method, params } = JSON.parse(line) as { method?: string; params?: { id: number; method: string } }
        if (method === 'share/event' && params?.method === 'item/agentMessage/delta') ids.push(params.id)
      }
    })
    deaf.resume()
    await eventually('the deaf one has them all', () => ids.length >= events, 30_000)
    expect(ids).to.deep.equal(deltas().map(({ id }) => id))
    site.model.release('open')
    await poster.turnEnd(turn.id)
    deaf.destroy()
  })
})
