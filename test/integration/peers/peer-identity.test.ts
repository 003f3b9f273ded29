/** Who is at the other end, by the kernel: the pid in `who`, a process of another user, one that has gone. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import * as v from 'valibot'
import { connectStockPeer } from '../../support/peers/stock-peer.ts'
import { describeSite } from '../../support/sites/describe-site.ts'

const hello = (more = '') =>
  `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"clientInfo":{"name":"x","version":"0"},"share":{"protocol":{"min":1,"max":1},"kind":"ui","label":"liar"${more}}}}`

/**
 * Connects, writes its second argument as lines, or as a WebSocket's first message, and prints what comes back. `stay` keeps the
 * connection until something comes in; `orphan` leaves it to a child that writes only then.
 */
const client = `
import os, socket, sys
path, text, way = sys.argv[1:4]
s = socket.socket(socket.AF_UNIX)
s.connect(path)
if way == 'orphan' and os.fork() > 0:
    os._exit(0)
if way == 'orphan':
    os.read(0, 1)
answers = text.count(chr(10)) + 1
if way == 'ws':
    head = ['GET /rpc HTTP/1.1', 'Host: x', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13']
    s.sendall((chr(13) + chr(10)).join(head + ['Sec-WebSocket-Key: ' + 'A' * 22 + '==', '', '']).encode())
    s.recv(4096)
    s.sendall(bytes([0x81, 0xfe]) + len(text).to_bytes(2, 'big') + bytes(4) + text.encode())
    print(s.recv(65536).decode('utf8', 'replace'), flush=True)
else:
    s.sendall(text.encode() + bytes([10]))
    lines = s.makefile()
    for _ in range(answers):
        print(lines.readline(), end='', flush=True)
if way == 'stay':
    os.read(0, 1)
`

describeSite('who is at the other end', { each: true, timeoutMs: 30_000 }, (site) => {
  const who = async () => {
    const peer = await site.connect({ label: 'asker' })
    const { peers } = await peer.call('share/who', {})
    peer.close()
    return v.parse(v.array(v.looseObject({ label: v.string(), pid: v.nullable(v.number()) })), peers)
  }
  const start = (socket: string, text: string, way = 'line', options = {}) =>
    spawn('/usr/bin/python3', ['-c', client, join(site.runtimeDir, socket), text, way], options)

  it('is shown with the kernel’s pid, and not with the one it says', async () => {
    const child = start('daemon.sock', hello(',"pid":1'), 'stay')
    await once(child.stdout, 'data')
    const stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
    const pids = Object.fromEntries((await who()).map(({ label, pid }) => [label.replace(/ p\d+$/, ''), pid]))
    stock.close()
    child.stdin.end('x')
    expect(pids).to.deep.equal({ asker: process.pid, liar: child.pid, 'codex-tui': process.pid })
  })

  it('is refused on both sockets when it is another user, also where files would let it in', async function () {
    if (process.getuid?.() !== 0) return this.skip() // Only root can be two users.
    for (const open of [site.dir, site.runtimeDir]) chmodSync(open, 0o755)
    for (const socket of ['daemon.sock', 'codex.sock']) chmodSync(join(site.runtimeDir, socket), 0o666)
    const other = { uid: 65_534, gid: 65_534, cwd: '/' }
    const answers = [start('daemon.sock', hello(), 'line', other), start('codex.sock', hello(), 'ws', other)]
    const [line, message] = await Promise.all(answers.map(async ({ stdout }) => (await stdout.toArray()).join('')))
    expect(JSON.parse(line ?? '').error).to.deep.include({
      code: -32019,
      message: 'refused: the daemon serves another user, not uid 65534',
    })
    expect(message).to.contain('the daemon serves another user, not uid 65534')
    expect((await who()).map(({ label }) => label)).to.deep.equal(['asker'])
  })

  it('may read, and do nothing, when the process that connected has gone', async () => {
    const peer = await site.connect()
    const threadId = await peer.startThread()
    const post = `{"jsonrpc":"2.0","id":2,"method":"turn/start","params":{"threadId":"${threadId}","input":[{"type":"text","text":"hi","text_elements":[]}]}}`
    const list = '{"jsonrpc":"2.0","id":3,"method":"share/list","params":{}}'
    const { pid } = peer.hello
    process.kill(pid, 'SIGSTOP')
    const child = start('daemon.sock', [hello(), post, list].join('\n'), 'orphan')
    await once(child, 'exit')
    process.kill(pid, 'SIGCONT')
    child.stdin.end('x')
    const text = (await child.stdout.toArray()).join('')
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const [welcome, posted, listed] = [1, 2, 3].map((id) => answers.find((answer) => answer.id === id))
    expect([welcome, posted?.error.data.name, listed].map((one) => one?.result !== undefined || one)).to.deep.equal([
      true,
      'denied',
      true,
    ])
    expect(posted.error.message).to.contain('is not identified')
  })
})
