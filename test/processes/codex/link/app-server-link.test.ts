/** The link on the real app-server: whole turns, refusals word for word, what may not be sent, approvals. */
import { expect } from 'chai'
import type { UpstreamNotification } from '../../../../src/codex/decoding/decode-notification.ts'
import type { UpstreamRequest } from '../../../../src/codex/decoding/upstream-message.ts'
import { type AppServerLink, openAppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import { UpstreamError } from '../../../../src/codex/link/upstream-error.ts'
import { startAppServer } from '../../../../src/codex/process/app-server-process.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { type CodexLab, client, openLab, textInput } from '../../../fixtures/codex-lab.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('link to the real app-server', function () {
  this.timeout(30_000)
  let lab: CodexLab
  let link: AppServerLink
  let notifications: UpstreamNotification[]
  let requests: UpstreamRequest[]

  const open = () =>
    openAppServerLink({
      ...lab.place,
      client,
      onNotification: (notification) => notifications.push(notification),
      onRequest: (request) => requests.push(request),
    })
  const seen = (method: string) => notifications.find((notification) => notification.method === method)
  const startThread = async (cwd = lab.folder) => (await link.request('thread/start', { cwd })).thread.id

  before(async () => {
    lab = await openLab({ approvalPolicy: 'on-request' })
    await startAppServer({ ...lab.place, codex: lab.codex, version: '0.0.0' })
  })
  after(() => lab.close())
  beforeEach(async () => {
    notifications = []
    requests = []
    link = await open()
  })
  afterEach(() => link.close())

  it('knows the version and the home of the app-server that runs', () => {
    expect(link.server.version).to.match(/^\d+\.\d+\.\d+$/)
    expect(link.server.codexHome).to.equal(lab.place.env.CODEX_HOME)
  })

  it('runs a turn and hands on its notifications in order, with their time', async () => {
    const threadId = await startThread()
    const { turn } = await link.request('turn/start', { threadId, input: textInput('say hello there') })
    const completed = await eventually('the end of the turn', () => seen('turn/completed'))
    expect(completed.params).to.have.nested.property('turn.id', turn.id)
    const story = notifications.map(({ method }) => method).filter((method) => /^(?:turn|item)\//.test(method))
    expect(story).to.deep.equal([
      'turn/started',
      'item/started',
      'item/completed',
      'item/started',
      'item/agentMessage/delta',
      'item/agentMessage/delta',
      'item/completed',
      'turn/completed',
    ])
    expect(Math.abs(completed.emittedAtMs - Date.now())).to.be.below(60_000)
  })

  it('keeps a refusal word for word', async () => {
    const error = await link.forward('no/such/method', {}).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(UpstreamError).with.property('code', -32600)
    expect(error).to.have.property('message').that.contains('unknown variant `no/such/method`')
  })

  it('sends what is as deep as the app-server reads, and refuses what is deeper', async () => {
    const nested = (levels: number) => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`)
    const fits = await link.forward('account/read', { x: nested(125) }, { timeoutMs: 10_000 })
    expect(fits).to.have.property('account')
    const error = await link.forward('account/read', { x: nested(126) }, { timeoutMs: 2_000 }).catch(asFacts)
    expect(error).to.deep.equal(['usage', undefined])
  })

  it('refuses half a surrogate pair, which would never be answered, and sends a whole one', async () => {
    const half = await link.forward('account/read', { x: 'a\ud83d' }, { timeoutMs: 2_000 }).catch(asFacts)
    expect(half).to.deep.equal(['usage', undefined])
    const whole = await link.forward('account/read', { x: '😀 and the text \\ud83d' }, { timeoutMs: 10_000 })
    expect(whole).to.have.property('account')
  })

  it('hands on a request for approval and gives back the answer', async () => {
    const threadId = await startThread()
    await link.request('turn/start', { threadId, input: textInput('ask touch approved.txt') })
    const asked = await eventually('a request for approval', () => requests[0])
    expect(asked.method).to.equal('item/commandExecution/requestApproval')
    link.respond(asked.id, { decision: 'accept' })
    await eventually('the end of the turn', () => seen('turn/completed'))
    const command = notifications.find(
      ({ method, params }) => method === 'item/completed' && JSON.stringify(params).includes('commandExecution'),
    )
    expect(command?.params).to.have.nested.property('item.status', 'completed')
  })

  it('does not even send what was cancelled before', async () => {
    const error = await link.request('account/read', {}, { signal: AbortSignal.abort() }).catch(asFacts)
    expect(error).to.deep.equal(['cancelled', false])
  })

  it('rejects what waits when it is closed, and what comes after, saying which of them was sent', async () => {
    const waiting = link.request('thread/start', {}).catch(asFacts)
    await new Promise((resolve) => setImmediate(resolve))
    link.close()
    const after = await link.request('account/read', {}).catch(asFacts)
    expect([await waiting, after, (await link.closed).why]).to.deep.equal([
      ['connectionLost', true],
      ['connectionLost', false],
      'closed',
    ])
  })

  it('does not lose a second link when the first is closed', async () => {
    const second = await open()
    link.close()
    expect(await second.request('account/read', {})).to.have.property('account')
    second.close()
  })
})

function asFacts(error: unknown): unknown {
  return error instanceof ShareError ? [error.errorName, error.facts.sent] : error
}
