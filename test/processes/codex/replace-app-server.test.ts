/** A wish for another app-server, at moments at which the link comes or goes. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect } from 'chai'
import { WebSocketServer } from 'ws'
import { oldestCodex } from '../../../src/codex/binary/codex-version.ts'
import type { AppServerLink } from '../../../src/codex/link/app-server-link.ts'
import { type Supervisor, startSupervisor } from '../../../src/codex/supervision/app-server-supervisor.ts'
import type { LinkKeeperOptions } from '../../../src/codex/supervision/link-keeper.ts'
import { type CodexLab, client, openLab } from '../../fixtures/codex-lab.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('replacing the app-server', function () {
  this.timeout(30_000)
  let lab: CodexLab
  let supervisor: Supervisor
  let links: AppServerLink[]

  const keep = (options: Partial<LinkKeeperOptions> = {}) => {
    supervisor = startSupervisor({
      ...lab.place,
      env: () => lab.place.env,
      client,
      spawn: true,
      findCodex: async () => lab.codex,
      onNotification: () => {},
      onRequest: () => {},
      onReady: ({ link }) => links.push(link),
      onDown: () => {},
      backOff: { firstMs: 20, longestMs: 60_000, degradedAfter: 5 },
      ...options,
    })
  }

  beforeEach(async () => {
    links = []
    lab = await openLab({ fake: [] })
  })
  afterEach(async () => {
    await supervisor.close()
    await lab.close()
  })

  for (const [outcome, what] of [
    [async () => true, 'it may end'],
    [async () => false, 'it may not'],
    [async () => Promise.reject(new Error('not known')), 'it cannot be told'],
  ] as const)
    it(`leaves the next link as it is where the one that was asked about has ended meanwhile, and ${what}`, async () => {
      keep()
      await eventually('a link', () => supervisor.link)
      const replaced = await supervisor
        .replace(async (link) => {
          link.close()
          await eventually('the next link', () => links.length === 2)
          return outcome()
        })
        .catch(String)
      expect(replaced).to.equal(what === 'it cannot be told' ? 'Error: not known' : false)
      expect(supervisor.link).to.equal(links[1])
    })

  it('takes none for the next that was being reached before', async () => {
    const { promise: account, resolve: tellAccount } = Promise.withResolvers<void>()
    const asked: string[] = []
    const server = createServer()
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (ws) =>
      ws.on('message', async (data) => {
        const { id, method } = JSON.parse(String(data))
        asked.push(method)
        const hello = { userAgent: `codex-share-test/${oldestCodex} (a test)`, codexHome: '/nowhere' }
        if (method === 'initialize') ws.send(JSON.stringify({ id, result: hello }))
        if (method === 'account/read') await account
        if (method === 'account/read')
          ws.send(JSON.stringify({ id, result: { account: null, requiresOpenaiAuth: false } }))
      }),
    )
    server.listen(lab.place.socketPath)
    await once(server, 'listening')
    let restarts = 0
    const manager = {
      appServerPid: async () => null,
      startAppServer: async () => {},
      restartAppServer: async () => {
        restarts += 1
      },
      stopAppServer: async () => {},
    }
    try {
      keep({ spawn: false, manager })
      await eventually('it is being reached', () => asked.includes('account/read'))
      const replaced = supervisor.replace(async () => true)
      tellAccount()
      expect([await replaced, restarts, links.length]).to.deep.equal([true, 1, 1])
    } finally {
      await supervisor.close()
      server.closeAllConnections()
      server.close()
    }
  })
})
