/** Settings of a shared thread: anybody tightens them, only a person at a terminal loosens them, and whose change it was is recorded. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import * as v from 'valibot'
import type { ShareEvent } from '../../../src/protocol/events.ts'
import { connectStockPeer, type StockPeer, turnIdIn } from '../../support/peers/stock-peer.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { killGroup } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const options = { each: true, approvalPolicy: 'on-request', sandboxMode: 'workspace-write' } as const

describeSite('the settings of a shared thread', options, (site) => {
  let script: TestPeer
  /** It says that it is `codex-tui`, and has no terminal. */
  let stock: StockPeer
  let threadId: string

  beforeEach(async () => {
    script = await site.connect({ label: 'ci' })
    mkdirSync(join(site.dir, 'work'))
    threadId = await script.startThread('work', join(site.dir, 'work'))
    await script.follow(threadId, 0)
    stock = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
    await stock.call('thread/resume', { threadId, excludeTurns: true })
  })

  afterEach(() => stock.close())

  const settings = async () => {
    const answer = await script.call('thread/resume', { threadId, excludeTurns: true })
    const { approvalPolicy, sandbox } = v.parse(settingsSchema, answer)
    return [approvalPolicy, sandbox.type]
  }
  const changes = () => script.events.filter(({ method }) => method === 'share/settingsChanged').map(changeIn)
  const change = (index: number) => eventually('the change is told', () => changes()[index])
  const name = async (call: Promise<unknown>) => call.then(() => 'done', nameOf)
  const input = [{ type: 'text', text: 'hello', text_elements: [] }]
  const looser: readonly object[] = [
    { approvalPolicy: 'never' },
    { approvalsReviewer: 'auto_review' },
    { sandboxPolicy: { type: 'dangerFullAccess' } },
    { permissions: ':danger-full-access' },
    { cwd: '/' },
    { runtimeWorkspaceRoots: ['/etc'] },
    { environments: [{ environmentId: 'local', cwd: '/etc' }] },
  ]

  it('are not loosened by a script on daemon.sock: it is refused, and nothing is submitted', async () => {
    for (const members of looser) {
      expect(await name(script.call('turn/start', { threadId, input, ...members }))).to.equal('denied')
      expect(await name(script.call('thread/settings/update', { threadId, ...members }))).to.equal('denied')
    }
    expect(await name(script.call('thread/resume', { threadId, approvalPolicy: 'never' }))).to.equal('denied')
    expect(await settings()).to.deep.equal(['on-request', 'workspaceWrite'])
    const { turn } = await script.submit(threadId, 'the thread is free')
    await script.turnEnd(turn.id)
    expect(script.events.filter(({ method }) => method === 'turn/started')).to.have.length(1)
    expect(changes()).to.deep.equal([])
  })

  it('are tightened by a script, which is recorded as its doing', async () => {
    const { turn } = v.parse(
      v.looseObject({ turn: v.looseObject({ id: v.string() }) }),
      await script.call('turn/start', { threadId, input, approvalPolicy: 'untrusted', permissions: ':read-only' }),
    )
    await script.turnEnd(turn.id)
    expect(await settings()).to.deep.equal(['untrusted', 'readOnly'])
    expect(await change(0)).to.deep.equal([
      ['ci', 'approvalPolicy', 'on-request', 'untrusted'],
      ['ci', 'sandbox', 'workspaceWrite', 'readOnly'],
    ])
  })

  it('are left out of a prompt on codex.sock that would loosen them, whatever the client calls itself', async () => {
    for (const members of looser) {
      const before = stock.frames.length
      await stock.told('turn/completed', { turn: { id: turnIdIn(await stock.prompt(threadId, 'hello', members)) } })
      const warning = stock.frames.slice(before).find((frame) => frame.includes('codex-share left out'))
      expect(warning, JSON.stringify(members)).to.contain(Object.keys(members)[0])
    }
    expect(await settings()).to.deep.equal(['on-request', 'workspaceWrite'])
    expect(changes()).to.deep.equal([])
  })

  it('are not loosened by other requests on codex.sock either', async () => {
    const isRefused = async (method: string, members: object) => {
      const { error } = await stock.call(method, { threadId, ...members })
      expect(JSON.stringify(error)).to.contain('only a person at a terminal loosens')
    }
    for (const members of looser) await isRefused('thread/settings/update', members)
    await isRefused('turn/settings/update', { turnId: 'any', approvalsReviewer: 'auto_review' })
    expect(await settings()).to.deep.equal(['on-request', 'workspaceWrite'])
  })

  it('are not set by the first client that resumes the thread in a new app-server', async () => {
    process.kill(script.hello.pid, 'SIGKILL')
    killGroup(await site.appServerPid())
    await site.startDaemon()
    // Nobody has loaded it by now, and Codex would do as it is asked.
    const late = await connectStockPeer(join(site.runtimeDir, 'codex.sock'))
    const looser = { approvalPolicy: 'never', config: { sandbox_mode: 'danger-full-access' }, cwd: '/' }
    const { result } = await late.call('thread/resume', { threadId, excludeTurns: true, ...looser })
    late.close()
    expect(v.parse(v.looseObject({ cwd: v.string() }), result).cwd).to.equal(join(site.dir, 'work'))
    script = await site.connect({ label: 'ci' })
    expect(await settings()).to.deep.equal(['on-request', 'workspaceWrite'])
  })

  it('are those of one thread, however its id is spelled', async () => {
    const spellings = [threadId.toUpperCase(), threadId.replaceAll('-', ''), `{${threadId}}`, `urn:uuid:${threadId}`]
    for (const spelled of spellings) {
      const looser = { threadId: spelled, approvalPolicy: 'never' }
      expect(await name(script.call('thread/settings/update', looser)), spelled).to.equal('denied')
      expect(await stock.call('thread/settings/update', looser), spelled).to.have.property('error')
    }
    const { turn } = await script.submit(threadId.toUpperCase(), 'hello')
    await script.turnEnd(turn.id)
    const { threads } = await script.call('share/list', {})
    expect(threads).to.have.length(1)
    // Named by its file, a thread is none that the rules know.
    const byFile = { threadId: 'any', path: '/rollout.jsonl', approvalPolicy: 'never' }
    expect(await name(script.call('thread/resume', byFile))).to.equal('usage')
    expect(await settings()).to.deep.equal(['on-request', 'workspaceWrite'])
  })

  it('are changed in other ways by anybody, with the author', async () => {
    await stock.call('thread/settings/update', { threadId, model: 'another', effort: 'high' })
    const [[who = '', ...first] = [], ...rest] = await change(0)
    expect([who.replace(/\d+$/, 'N'), ...first]).to.deep.equal(['codex-tui pN', 'model', 'scripted', 'another'])
    expect(rest.map((one) => one.slice(1))).to.deep.equal([['effort', null, 'high']])
  })
})

const settingsSchema = v.looseObject({ approvalPolicy: v.unknown(), sandbox: v.looseObject({ type: v.string() }) })
const changesSchema = v.array(v.object({ setting: v.string(), from: v.unknown(), to: v.unknown() }))

/** Who changed what; of a sandbox only its kind. */
function changeIn({ params, by }: ShareEvent) {
  const kind = (value: unknown) => (typeof value === 'object' && value !== null ? Reflect.get(value, 'type') : value)
  return v
    .parse(changesSchema, params.changes)
    .map(({ setting, from, to }) => [by?.label, setting, kind(from), kind(to)])
}

function nameOf(error: unknown): unknown {
  return error instanceof Error && 'errorName' in error ? error.errorName : error
}
