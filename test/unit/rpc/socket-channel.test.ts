/** A channel over a real connection: what comes too slowly, and what comes all at once. */
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { useTicks } from '../../../src/platform/time/awake-clock.ts'
import { defaultChannelLimits, SocketChannel } from '../../../src/rpc/socket-channel.ts'
import { makeScratch, type Scratch } from '../../support/scratch.ts'
import { ScriptedTicks } from '../../support/waiting/scripted-ticks.ts'

describe('A channel over a socket', () => {
  let scratch: Scratch
  let server: Server
  let client: Socket
  let socket: Socket
  let ticks: ScriptedTicks
  beforeEach(async () => {
    scratch = makeScratch()
    ticks = new ScriptedTicks()
    useTicks(ticks)
    server = createServer().listen(join(scratch.dir, 's'))
    await once(server, 'listening')
    client = connect(join(scratch.dir, 's'))
    ;[socket] = await once(server, 'connection')
  })
  afterEach(() => {
    useTicks()
    client.destroy()
    server.close()
    scratch.remove()
  })

  const open = (inTurns: boolean) => {
    const channel = new SocketChannel({ socket, limits: defaultChannelLimits, write: () => {}, inTurns })
    socket.on('data', (bytes: Buffer) => channel.receive(bytes))
    return channel
  }

  for (const inTurns of [true, false])
    it(`ends where a frame comes a byte at a time for 30 s, ${inTurns ? 'in turns' : 'at once'}`, async () => {
      const channel = open(inTurns)
      const closed = new Promise<Error>((resolve) => channel.onClose(resolve))
      for (const byte of '{"a"') {
        client.write(byte)
        await once(socket, 'data')
        ticks.run(7400)
      }
      expect(socket.destroyed).to.equal(false)
      ticks.run(7400)
      expect((await closed).message).to.equal('a frame did not end within 30 s')
    })

  it('serves others between two frames that came at once', async () => {
    const done: string[] = []
    const channel = open(true)
    const third = new Promise<void>((resolve) =>
      channel.onFrame((bytes, start, end) => {
        done.push(bytes.toString('utf8', start, end))
        setImmediate(() => done.push('others'))
        if (done.includes('c')) resolve()
      }),
    )
    client.write('a\nb\nc\n')
    await third
    expect(done).to.deep.equal(['a', 'others', 'b', 'others', 'c'])
  })

  it('reads nothing while it is paused, and all of it afterwards', async () => {
    const done: string[] = []
    const channel = open(true)
    const fourth = new Promise<void>((resolve) =>
      channel.onFrame((bytes, start, end) => {
        done.push(bytes.toString('utf8', start, end))
        if (done.length === 1) channel.pause()
        if (done.length === 4) resolve()
      }),
    )
    client.write('a\nb\n')
    await once(socket, 'data')
    client.write('c\nd\n')
    await new Promise(setImmediate)
    await new Promise(setImmediate)
    expect(done).to.deep.equal(['a'])
    channel.resume()
    await fourth
    expect(done).to.deep.equal(['a', 'b', 'c', 'd'])
  })
})
