/** How many connections are taken, of whom, and what is said of those that are not. */
import { Socket } from 'node:net'
import { expect } from 'chai'
import { ConnectionLimit } from '../../../../src/daemon/sockets/connection-limit.ts'
import { mostConnections } from '../../../../src/daemon/sockets/connection-limits.ts'

describe('The limit of connections', () => {
  let nowMs = 0
  let said: string[]
  const silent = new Set<Socket>()
  const ended: (readonly [Socket, string])[] = []
  let pids: WeakMap<Socket, number>
  let limit: ConnectionLimit
  beforeEach(() => {
    nowMs = 0
    said = []
    pids = new WeakMap()
    limit = new ConnectionLimit({
      name: 'daemon.sock',
      most: 16,
      onTrouble: (message) => said.push(message),
      pidOf: (socket) => pids.get(socket),
      nowMs: () => nowMs,
    })
  })

  const from = (pid?: number) => {
    const socket = new Socket()
    if (pid !== undefined) pids.set(socket, pid)
    const error = limit.admit(socket, {
      isSilent: () => silent.has(socket),
      end: (reason) => ended.push([socket, reason.message]),
    })
    return { socket, error }
  }
  const reasons = (count: number, pid?: number) =>
    Array.from({ length: count }, () => from(pid).error?.message).filter((reason) => reason !== undefined)
  const close = async (socket: Socket) => {
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.destroy()
    await closed
  }

  it('takes a part of all from one process, and goes on taking those of others', () => {
    expect(reasons(5, 7)).to.deep.equal(['process 7 has 4 connections to daemon.sock, as many as one process may have'])
    expect(reasons(4, 8)).to.deep.equal([])
  })

  it('takes the next of a process when one of it has closed', async () => {
    const { socket } = from(7)
    reasons(3, 7)
    await close(socket)
    expect(reasons(2, 7)).to.have.length(1)
  })

  it('says who has most when it is full', () => {
    for (const pid of [1, 2, 3]) reasons(3, pid)
    reasons(4, 4)
    reasons(3, 5)
    expect(from(6).error?.message).to.equal(
      'daemon.sock has 16 connections, as many as it takes, 4 of them of process 4',
    )
    expect(from(6).error?.errorName).to.equal('overloaded')
  })

  it('does not divide among processes that the kernel does not name', () => {
    expect(reasons(17)).to.deep.equal([
      'daemon.sock has 16 connections, as many as it takes, 16 of them of processes that are not known',
    ])
  })

  it('gives the place of the one that has been silent for longest, and for some seconds, to the next', () => {
    const sockets = [1, 2, 3, 4].flatMap((pid) => [from(pid), from(pid), from(pid), from(pid)]).map((one) => one.socket)
    for (const socket of sockets.slice(1, 3)) silent.add(socket)
    nowMs = 4000
    expect(from(5).error?.errorName).to.equal('overloaded')
    nowMs = 5000
    expect([from(5), from(5), from(5)].map(({ error }) => error?.errorName)).to.deep.equal([
      undefined,
      undefined,
      'overloaded',
    ])
    const reason = 'daemon.sock is full, and this connection has not said who it is'
    expect(ended).to.deep.equal(sockets.slice(1, 3).map((socket) => [socket, reason]))
  })

  it('lets few that were refused wait, and ends the longest first', () => {
    reasons(4, 7)
    const refused = Array.from({ length: 6 }, () => from(7).socket)
    expect(refused.map(({ destroyed }) => destroyed)).to.deep.equal([true, true, false, false, false, false])
  })

  it('says a flood once a minute, and shows it as long', () => {
    const reason = 'process 7 has 4 connections to daemon.sock, as many as one process may have'
    reasons(24, 7)
    expect(said).to.deep.equal([`a connection was refused: ${reason}`])
    expect(limit.problem).to.equal(reason)
    nowMs += 60_000
    expect(limit.problem).to.equal(null)
    from(7)
    expect(said.slice(1)).to.deep.equal([`20 connections were refused: ${reason}`])
  })

  it('is smaller where the process may have few descriptors', () => {
    expect([mostConnections(1024), mostConnections(1024, 20_000), mostConnections(1024, 1024)]).to.deep.equal([
      1024, 1024, 326,
    ])
    expect([mostConnections(1024, 64), mostConnections(2, 64)]).to.deep.equal([6, 2])
  })
})
