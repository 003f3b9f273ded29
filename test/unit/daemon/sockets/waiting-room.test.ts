/** Connections that come before they can be served. */
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { WaitingRoom } from '../../../../src/daemon/sockets/waiting-room.ts'
import { makeScratch } from '../../../support/scratch.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('The waiting room', () => {
  it('serves those who still wait, and not those who have left or were cut off', async () => {
    const scratch = makeScratch()
    const room = new WaitingRoom()
    const accepted: Socket[] = []
    const server = createServer((socket) => {
      accepted.push(socket)
      room.receive(socket)
    })
    await new Promise<void>((resolve) => server.listen(join(scratch.dir, 's'), resolve))
    const clients = Array.from({ length: 3 }, () => connect(join(scratch.dir, 's')))
    await eventually('all are accepted', () => accepted.length === 3)
    const [leaving, cut, staying] = accepted
    leaving?.destroy()
    cut?.destroy(new Error('reset'))
    await eventually('two have left', () => leaving?.closed === true && cut?.closed === true)
    const served: Socket[] = []
    room.serve((socket) => served.push(socket))
    expect(served).to.deep.equal([staying])
    for (const client of clients) client.destroy()
    staying?.destroy()
    server.close()
    scratch.remove()
  })
})
