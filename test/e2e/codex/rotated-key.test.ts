/** An API key that changed since the app-server started: said where it matters, never shown, and gone after the replacement. */
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import * as v from 'valibot'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const [oldKey, newKey] = ['sk-old-0123456789', 'sk-new-9876543210']

describe('an API key that was rotated', function () {
  this.timeout(60_000)
  let site: CommandSite
  let server: Server
  let threadId: string
  const withKey = (key: string, ...args: string[]) => site.start(args, { env: { TEAM_KEY: key } }).ended
  const post = (key: string) => withKey(key, 'post', '-t', threadId, '-p', 'hello')

  before(async () => {
    // In front of the model: it knows the new key only.
    server = createServer(async (request, response) => {
      if (request.headers.authorization !== `Bearer ${newKey}`) {
        response.writeHead(401, { 'content-type': 'application/json' })
        response.end('{"error":{"message":"Incorrect API key provided"}}')
        return
      }
      const body = await text(request)
      const answer = await fetch(`${site.model.baseUrl}/responses`, { method: 'POST', body })
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(await answer.text())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = v.parse(v.object({ port: v.number() }), server.address())
    const tables = `[model_providers.team]\nname = "team"\nbase_url = "http://127.0.0.1:${port}/v1"\nwire_api = "responses"\nenv_key = "TEAM_KEY"\nrequest_max_retries = 0\nstream_max_retries = 0\n`
    site = await makeCommandSite({ provider: 'team', tables })
    threadId = String(JSON.parse((await withKey(oldKey, 'start', '--json')).stdout).threadId)
  })
  after(async () => {
    await site.close()
    server.close()
  })

  it('is named with the way that works when a turn is refused with 401', async () => {
    const { code, stderr } = await post(newKey)
    expect(code).to.equal(7)
    expect(stderr).to.match(
      /TEAM_KEY is not what the app-server was started with at \S+Z: `codex-share daemon restart --app-server` gives it those of this shell\.\n$/,
    )
  })

  it('is not named where the key is the same, or not set here', async () => {
    expect((await post(oldKey)).stderr)
      .to.contain('Log in with `codex login`, or set the API key')
      .and.not.contain('TEAM_KEY')
    expect((await site.run('daemon', 'status')).stdout).not.to.contain('is not what')
  })

  it('is in the status, in the doctor’s report, also after a restart of the daemon alone', async () => {
    const words = 'TEAM_KEY is not what the app-server was started with'
    const status = await withKey(newKey, 'daemon', 'status')
    expect(status.stdout)
      .to.contain(words)
      .and.match(/^API keys +TEAM_KEY$/m)
    expect(status.stdout).to.match(/^App-server .*, started \d+ (s|min) ago$/m)
    expect((await withKey(newKey, 'doctor')).stdout).to.contain(words)
    // What the next daemon knows as well, once it is linked to the app-server.
    await withKey(newKey, 'daemon', 'restart')
    await eventually('it is known', async () => (await withKey(newKey, 'daemon', 'status')).stdout.includes(words))
  })

  it('is nowhere to be read', async () => {
    const json = (await site.run('daemon', 'status', '--json')).stdout
    const files = [
      'data/codex-share/app-server.json',
      'data/codex-share/owner.json',
      'state/codex-share/daemon.log',
      'state/codex-share/app-server.log',
    ]
    const written = [json, ...files.map((file) => readFileSync(join(site.dir, file), 'utf8'))].join('\n')
    expect(json).to.contain('"TEAM_KEY"')
    expect(site.daemonLog()).not.to.contain('salt')
    expect(written).not.to.contain(oldKey).and.not.to.contain(newKey)
  })

  it('is the app-server’s once that was replaced', async () => {
    expect((await withKey(newKey, 'daemon', 'restart', '--app-server')).code).to.equal(0)
    const { code, stdout } = await post(newKey)
    expect({ code, stdout }).to.deep.include({ code: 0 })
    expect(stdout).to.contain('You said: hello')
    expect((await withKey(newKey, 'daemon', 'status')).stdout).not.to.contain('is not what')
  })
})
