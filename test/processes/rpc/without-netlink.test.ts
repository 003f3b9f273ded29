/** The connections of the daemon's socket need nothing of the network. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'

const script = `
  import os from 'node:os'
  os.networkInterfaces = () => { throw new Error('no netlink') }
  const { createChannelServer } = await import('./src/rpc/node-ipc-channel.ts')
  await createChannelServer().stop()
  console.log('served')`

describe('node-ipc', () => {
  it('is loaded where the interfaces of the network cannot be read', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
    expect(stdout).to.equal('served\n')
  })
})
