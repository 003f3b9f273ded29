/** One process that opens connections without end takes no other's place, and those that are refused hear why. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { connectStockPeer } from '../../support/peers/stock-peer.ts'
import { endProcess } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const daemonMain = fileURLToPath(new URL('../../support/sites/daemon-main.ts', import.meta.url))
const upgrade =
  'GET /rpc HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n'
const hello = `${JSON.stringify({
  ...{ jsonrpc: '2.0', id: 7, method: 'initialize' },
  params: { clientInfo: { name: 'raw', version: '0' }, share: { protocol: { min: 1, max: 1 }, kind: 'script' } },
})}\n`
/** Connects as often as its second argument says, and stays. */
const hog = `
const { connect } = require('node:net')
const [path, count, text] = process.argv.slice(1)
let open = 0
for (let i = 0; i < Number(count); i++) {
  const socket = connect(path, () => { open += 1; if (open === Number(count)) console.log('open') })
  socket.on('error', () => {}).resume().write(text)
}
setInterval(() => {}, 1000)`

describeSite(
  'a socket that one process fills',
  { each: true, daemon: false, settings: { limits: { connections: 64 } } },
  (site) => {
    const children: ChildProcess[] = []
    const sockets: Socket[] = []
    let codexSocket: string

    beforeEach(() => {
      codexSocket = join(site.runtimeDir, 'codex.sock')
    })
    afterEach(async () => {
      for (const socket of sockets.splice(0)) socket.destroy()
      for (const child of children.splice(0)) await endProcess(child)
    })

    /** What comes back on a connection of this process, up to its end or the first whole message. */
    const ask = async (path: string, text: string) => {
      const socket = connect(path).setEncoding('utf8')
      sockets.push(socket)
      let answer = ''
      socket
        .on('error', () => {})
        .on('data', (part: string) => {
          answer += part
        })
      socket.write(text)
      return await eventually('an answer', () => (socket.destroyed || answer.endsWith('\n') ? answer : undefined))
    }
    const fill = async (path: string, count: number, text = '') => {
      const child = spawn(process.execPath, ['-e', hog, path, String(count), text], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      children.push(child)
      if (child.stdout) await once(child.stdout, 'data')
      return child
    }

    it('serves others on both, and tells the process that has too many', async () => {
      const daemon = await site.startDaemon()
      const count = 50
      const [first] = [await fill(site.socket, count), await fill(codexSocket, count, upgrade)]
      const peer = await site.connect()
      const stock = await connectStockPeer(codexSocket)
      const { daemon: status, connectionProblem } = await peer.call('share/status', {})
      expect(status).to.include({ pid: daemon.pid })
      expect(connectionProblem).to.equal(
        `process ${first.pid} has 16 connections to daemon.sock, as many as one process may have`,
      )
      expect(await stock.call('thread/loaded/list', {})).to.have.property('result')
      stock.close()
    })

    it('answers the request of one connection too many with the reason', async () => {
      await site.startDaemon()
      // Some more than it may have: the daemon may not have noticed the end of the one that found it up.
      for (let held = 0; held < 20; held += 1) sockets.push(connect(site.socket), connect(codexSocket))
      const reply = JSON.parse(await ask(site.socket, hello)) as {
        id: number
        error: { code: number; message: string }
      }
      const reason = `process ${process.pid} has 16 connections`
      expect([reply.id, reply.error.code, reply.error.message.startsWith(reason)]).to.deep.equal([7, -32001, true])
      const answer = await ask(codexSocket, upgrade)
      expect(answer)
        .to.match(/^HTTP\/1\.1 503 /)
        .and.to.contain(reason)
    })

    it('goes on with few descriptors, and takes the next in the place of one that says nothing', async () => {
      const limited = ['-c', 'ulimit -n 64; exec "$0" "$1"', process.execPath, daemonMain]
      const daemon = spawn('sh', limited, {
        env: { ...process.env, ...site.env },
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      children.push(daemon)
      const peer = await eventually('the daemon answers', () => site.connect().catch(() => undefined))
      for (let times = 0; times < 4; times += 1)
        await Promise.all([fill(site.socket, 50), fill(codexSocket, 50, upgrade)])
      // The silent ones give way after 5 s.
      const reply = await eventually('a place', async () => {
        const answer = await ask(site.socket, hello)
        return answer.includes('"result"') ? answer : undefined
      })
      expect(reply).to.contain(`"pid":${daemon.pid}`)
      const threadId = await peer.startThread('crowded')
      await peer.follow(threadId)
      const { turn } = await peer.submit(threadId, 'hello')
      expect(await peer.turnEnd(turn.id)).to.equal('completed')
    })
  },
)
