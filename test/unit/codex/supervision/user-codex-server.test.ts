/** Which server at the place of a plain `codex` is the user's own. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { WebSocketServer } from 'ws'
import { oldestCodex } from '../../../../src/codex/binary/codex-version.ts'
import { openUserCodexServer } from '../../../../src/codex/supervision/user-codex-server.ts'
import { controlSocketPath } from '../../../../src/platform/places/codex-home.ts'
import { daemonHeader } from '../../../../src/protocol/version.ts'

describe('The user’s own Codex server', () => {
  let home: string
  let server: Server

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'cs-user-'))
  })
  afterEach(() => {
    server?.close()
    rmSync(home, { recursive: true })
  })

  /** Answers every request with facts such as Codex's. */
  const listen = async (headers: readonly string[]) => {
    const path = controlSocketPath(home)
    mkdirSync(dirname(path))
    server = createServer()
    const sockets = new WebSocketServer({ server })
    sockets.on('headers', (all) => all.push(...headers))
    sockets.on('connection', (ws) =>
      ws.on('message', (data) => {
        const { id } = JSON.parse(String(data))
        const result = {
          userAgent: `codex/${oldestCodex} (x)`,
          codexHome: home,
          platformFamily: 'unix',
          platformOs: 'linux',
        }
        if (id !== undefined) ws.send(JSON.stringify({ id, result }))
      }),
    )
    await new Promise<void>((resolve) => server.listen(path, resolve))
  }
  const open = () =>
    openUserCodexServer(home, {
      client: { name: 'test', version: '0' },
      onNotification: () => {},
      onRequest: () => {},
    })

  it('is linked to where it listens', async () => {
    await listen([])
    const link = await open()
    expect(link?.server.codexHome).to.equal(home)
    link?.close()
  })

  it('is not the daemon, which says in its handshake that it is one', async () => {
    await listen([`${daemonHeader}: 1`])
    expect(await open()).to.equal(undefined)
  })

  it('is none where nobody listens', async () => {
    expect(await open()).to.equal(undefined)
  })
})
