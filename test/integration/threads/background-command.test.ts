/** Codex lets a command run on in the background when its turn has ended: all of it is recorded, and nothing said to be missing. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('a command that runs on behind the end of its turn', {}, (site) => {
  it('is recorded to its end, without a hole', async () => {
    const peer = await site.connect()
    const threadId = await peer.startThread()
    await peer.follow(threadId)
    const file = join(site.dir, 'go on')
    const { turn } = await peer.submit(threadId, `run until [ -e '${file}' ]; do sleep 0.1; done; printf late`)
    const seen = (method: string) =>
      peer.events.some((one) => one.method === method && JSON.stringify(one.params).includes('"commandExecution"'))
    await eventually('the command runs', () => seen('item/started'))
    await peer.call('turn/interrupt', { threadId, turnId: turn.id })
    expect(await peer.turnEnd(turn.id)).to.equal('interrupted')
    writeFileSync(file, '')
    await eventually('the command has ended', () => seen('item/completed'))
    const told = peer.events
      .slice(peer.events.findIndex(({ method }) => method === 'turn/completed') + 1)
      .filter(({ turnId }) => turnId === turn.id)
      .map(({ method, params }) => `${method} ${String(params.delta ?? '')}`.trim())
    expect(told).to.deep.equal(['item/commandExecution/outputDelta late', 'item/completed'])
  })
})
