/** A private app-server on pipes: it answers, frees its threads when it is stopped, and says why it did not start. */
import { expect } from 'chai'
import { findCodex } from '../../../../src/codex/binary/find-codex.ts'
import { type StdioAppServer, startStdioAppServer } from '../../../../src/codex/process/stdio-app-server.ts'
import { makeScriptedHome } from '../../../../src/demo/scripted-home.ts'
import { type ScriptedModel, startScriptedModel } from '../../../../src/demo/scripted-model.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('a private app-server', function () {
  this.timeout(30_000)
  let scratch: Scratch
  let model: ScriptedModel
  const servers: StdioAppServer[] = []
  const told: string[] = []

  before(async () => {
    scratch = makeScratch()
    model = await startScriptedModel({ script: ({ prompt }) => [{ say: `You said: ${prompt}` }] })
    makeScriptedHome({ dir: scratch.codexHome, baseUrl: model.baseUrl })
  })

  after(async () => {
    await Promise.all(servers.map((server) => server.stop()))
    await model.close()
    scratch.remove()
  })

  const start = async (path?: string) => {
    const codex = path
      ? { path, args: [], env: {} }
      : await findCodex({ env: {}, packageFrom: import.meta.filename, cwd: scratch.dir })
    const server = await startStdioAppServer({
      codex,
      client: { name: 'test', version: '0' },
      env: scratch.env,
      cwd: scratch.dir,
      onNotification: ({ method }) => told.push(method),
      onRequest: () => {},
    })
    servers.push(server)
    return server
  }

  it('runs a turn, and lets another go on with the thread once it is stopped', async () => {
    const first = await start()
    const { thread } = await first.link.request('thread/start', { cwd: scratch.dir })
    const input = [{ type: 'text' as const, text: 'hello', text_elements: [] }]
    await first.link.request('turn/start', { threadId: thread.id, input })
    await eventually('the turn ends', () => told.includes('turn/completed'))
    await first.stop()
    const second = await start()
    const resumed = await second.link.request('thread/resume', { threadId: thread.id, excludeTurns: true })
    expect(resumed.thread.id).to.equal(thread.id)
  })

  it('can be copied from while another process writes to the thread', async () => {
    const owner = await start()
    const { thread } = await owner.link.request('thread/start', { cwd: scratch.dir })
    const input = [{ type: 'text' as const, text: 'shared words', text_elements: [] }]
    const before = told.length
    await owner.link.request('turn/start', { threadId: thread.id, input })
    await eventually('the turn ends', () => told.slice(before).includes('turn/completed'))
    const other = await start()
    const copy = await other.link.request('thread/fork', { threadId: thread.id, excludeTurns: true })
    const turns = await other.link.request('thread/turns/list', { threadId: copy.thread.id, itemsView: 'full' })
    expect(JSON.stringify(turns.data)).to.contain('shared words')
  })

  it('says why it does not start', async () => {
    const failure = await start('/bin/false').catch((error: unknown) => error)
    expect(failure).to.be.instanceOf(Error).with.property('message').that.contains('/bin/false exited with code 1')
  })

  it('refuses what is asked after its end, as not sent', async () => {
    const server = await start()
    await server.stop()
    const late = await server.link.request('thread/list', {}).catch((error: unknown) => error)
    expect(late).to.deep.include({ errorName: 'connectionLost' }).with.nested.property('facts.sent', false)
  })
})
