/** What the ways mean in which a socket does not answer. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { probeSocket } from '../../../../src/client/connection/probe-socket.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'

describe('Trying a socket', () => {
  let scratch: Scratch
  let path: string
  beforeEach(() => {
    scratch = makeScratch()
    path = join(scratch.dir, 'x.sock')
  })
  afterEach(() => scratch.remove())

  it('tells that there is none, or one that nobody listens on', async () => {
    expect((await probeSocket(path)).state).to.equal('absent')
    execFileSync('python3', ['-c', `import socket; socket.socket(socket.AF_UNIX).bind('${path}')`])
    expect((await probeSocket(path)).state).to.equal('dead')
    writeFileSync(`${path}.file`, '')
    expect((await probeSocket(`${path}.file`)).state).to.equal('dead')
  })

  it('takes one for dead whose listener went away with us waiting', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => {
      server.listen(path, resolve)
    })
    const probed = probeSocket(path)
    server.close()
    const probe = await probed
    expect([probe.state, 'error' in probe && probe.error.code]).to.deep.equal(['dead', 'ECONNRESET'])
  })
})
