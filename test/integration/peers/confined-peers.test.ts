/** Commands in the real sandbox of the real Codex, with network, at the daemon's two sockets. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import * as v from 'valibot'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { makeSite, type TestSite } from '../../support/sites/daemon-process.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const program = join(import.meta.dirname, '../../fixtures/confined-client.ts')

const hello = {
  clientInfo: { name: 'anna', version: '1' },
  share: { protocol: { min: 1, max: 1 }, kind: 'ui', label: 'anna', pid: 1, answers: true },
}
const stockHello = {
  clientInfo: { name: 'codex-tui', title: null, version: '1' },
  capabilities: { experimentalApi: true, requestAttestation: false },
}

interface Answer {
  readonly id?: number
  readonly ok?: boolean
  readonly error?: { readonly code: number; readonly message: string; readonly data?: { readonly name?: string } }
  readonly ended?: string
}
type Call = readonly [method: string, params: object]

describe('a command in the sandbox of an agent', () => {
  let site: TestSite
  let peer: TestPeer
  /** Where the command runs, and where somebody else's approval waits. */
  let [threadId, otherId] = ['', '']
  let approvalId = ''

  async function open(confined?: string): Promise<void> {
    site = await makeSite({
      approvalPolicy: 'on-request',
      sandboxMode: 'workspace-write',
      tables: '[sandbox_workspace_write]\nnetwork_access = true\n',
      ...(confined && { settings: { peers: { confined } } }),
    })
    await site.startDaemon()
    peer = await site.connect({ answers: true })
    const work = join(site.dir, 'work')
    mkdirSync(work)
    ;[threadId, otherId] = [await peer.startThread('one', work), await peer.startThread('two', work)]
    await peer.follow(threadId)
    await peer.follow(otherId)
    await peer.submit(otherId, 'ask echo approved')
    approvalId = await eventually('the approval', () => {
      const told = peer.told.find(({ method }) => method === 'share/approval')
      return told && v.parse(v.looseObject({ approvalId: v.string() }), told.params).approvalId
    })
  }
  afterEach(() => site.close())

  /** Runs the program in the sandbox, and returns what it was answered. */
  async function inSandbox(kind: 'daemon' | 'codex', calls: readonly Call[]): Promise<Answer[]> {
    const path = join(site.runtimeDir, `${kind}.sock`)
    const quoted = [process.execPath, program, kind, path, ...calls.map((call) => JSON.stringify(call))]
    const output = await outputOf(quoted.map((word) => `'${word}'`).join(' '))
    return output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Answer)
  }

  async function outputOf(command: string): Promise<string> {
    const { turn } = await peer.submit(threadId, `run ${command}`)
    await peer.turnEnd(turn.id)
    const done = peer.events.find(
      ({ method, turnId, params }) =>
        method === 'item/completed' && turnId === turn.id && typeOf(params) === 'commandExecution',
    )
    const output = v.parse(v.looseObject({ item: v.looseObject({ aggregatedOutput: v.string() }) }), done?.params)
    return output.item.aggregatedOutput
  }

  const names = (answers: readonly Answer[]) =>
    answers.map(({ ok, error, ended }) => (ended && 'ended') ?? (ok ? 'ok' : (error?.data?.name ?? error?.code)))
  const stillWaits = async () => {
    const { approvals } = await peer.call('share/approvals', { threadId: otherId })
    return v.parse(v.array(v.looseObject({ approvalId: v.string() })), approvals).map((one) => one.approvalId)
  }
  const answerIt = (): Call => ['share/answer', { threadId: otherId, approvalId, result: { decision: 'accept' } }]
  const post = (thread: string): Call => [
    'turn/start',
    { threadId: thread, input: [{ type: 'text', text: 'hi', text_elements: [] }] },
  ]
  const exec: Call = ['command/exec', { command: ['touch', 'escaped'], sandboxPolicy: { type: 'dangerFullAccess' } }]

  it('is refused on daemon.sock with the reason and the setting, whatever it says of itself', async () => {
    await open()
    const answers = await inSandbox('daemon', [
      ['initialize', hello],
      ['share/list', {}],
      answerIt(),
      exec,
      post(otherId),
    ])
    expect(names(answers)).to.deep.equal(['denied', 'ended'])
    expect(answers[0]?.error?.message).to.match(/^refused: process \d+ runs in Codex’s sandbox$/)
    expect(JSON.stringify(answers[0]?.error?.data)).to.contain('peers.confined')
    expect(await stillWaits()).to.deep.equal([approvalId])
    const { peers } = await peer.call('share/who', {})
    expect(JSON.stringify(peers)).not.to.contain('anna')
  })

  it('does not become the daemon, also where it could write everything that a daemon needs', async () => {
    await open()
    const own = join(site.dir, 'work/own')
    const folders = [
      `CODEX_SHARE_RUNTIME_DIR=${own}/run`,
      ...['DATA', 'STATE', 'CONFIG'].map((name) => `XDG_${name}_HOME=${own}`),
    ]
    const main = join(import.meta.dirname, '../../support/sites/daemon-main.ts')
    const output = await outputOf(
      `mkdir -p -m 700 ${own}/run; env ${folders.join(' ')} '${process.execPath}' '${main}'`,
    )
    expect(output).to.contain('the daemon does not run inside Codex’s sandbox')
  })

  it('is sent away from codex.sock in the form that a stock client shows', async () => {
    await open()
    const answers = await inSandbox('codex', [
      ['initialize', stockHello],
      ['thread/list', {}],
    ])
    expect(names(answers)).to.deep.equal([-32600, 'ended'])
    expect(answers[0]?.error?.message).to.contain('runs in Codex’s sandbox')
  })

  it('reads and does nothing else where the setting lets it read', async () => {
    await open('read')
    const calls: Call[] = [
      ['initialize', hello],
      ['share/list', {}],
      ['share/events', { threadId: otherId }],
      ['thread/list', {}],
    ]
    const acts: Call[] = [
      answerIt(),
      post(otherId),
      exec,
      ['share/open', {}],
      ['share/close', { threadId: otherId }],
      ['share/forget', { threadId: otherId }],
      ['share/shutdown', {}],
    ]
    expect(names(await inSandbox('daemon', [...calls, ...acts]))).to.deep.equal([
      ...calls.map(() => 'ok'),
      ...['denied', 'denied', 'methodNotFound', 'denied', 'denied', 'denied', 'denied'],
    ])
    const stock: Call[] = [
      ['initialize', stockHello],
      ['thread/resume', { threadId: otherId, approvalPolicy: 'never' }],
    ]
    const refused: Call[] = [
      post(otherId),
      exec,
      ['thread/settings/update', { threadId: otherId, approvalPolicy: 'never' }],
    ]
    expect(names(await inSandbox('codex', [...stock, ...refused]))).to.deep.equal(['ok', 'ok', -32600, -32600, -32600])
    expect(await stillWaits()).to.deep.equal([approvalId])
  })

  it('posts, but never answers, steers or ends what is others’, where the setting lets it post', async () => {
    await open('post')
    const third = await peer.startThread('three', join(site.dir, 'work'))
    const turn = { threadId: otherId, turnId: 'any', expectedTurnId: 'any', input: [], share: { steer: true } }
    const calls: Call[] = [
      ['initialize', hello],
      post(third),
      answerIt(),
      ['turn/steer', turn],
      ['turn/interrupt', turn],
      exec,
    ]
    expect(names(await inSandbox('daemon', calls))).to.deep.equal([
      'ok',
      'ok',
      'denied',
      'busy',
      'denied',
      'methodNotFound',
    ])
    expect(await stillWaits()).to.deep.equal([approvalId])
  })

  it('queues where the setting lets it post, and leaves what others queued alone', async () => {
    await open('post')
    const queued = { threadId: otherId, input: [{ type: 'text', text: 'hi', text_elements: [] }] }
    const mine: Call = ['thread/queue/add', { ...queued, clientUserMessageId: 'mine' }]
    const { queuedSubmission } = await peer.call('thread/queue/add', { ...queued, clientUserMessageId: 'theirs' })
    const { id } = v.parse(v.looseObject({ id: v.string() }), queuedSubmission)
    const theirs = { threadId: otherId, queuedSubmissionId: id }
    const acts: Call[] = [
      ['thread/queue/delete', theirs],
      ['thread/queue/update', { ...theirs, input: queued.input }],
      ['thread/queue/start', theirs],
      ['thread/queue/reorder', { threadId: otherId, queuedSubmissionIds: [id] }],
    ]
    expect(names(await inSandbox('daemon', [['initialize', hello], mine, ...acts]))).to.deep.equal([
      ...['ok', 'ok'],
      ...acts.map(() => 'denied'),
    ])
    expect(names(await inSandbox('codex', [['initialize', stockHello], mine, ...acts]))).to.deep.equal([
      ...['ok', 'ok'],
      ...acts.map(() => -32600),
    ])
    const { data } = await peer.call('thread/queue/list', { threadId: otherId })
    const ids = v.parse(v.array(v.looseObject({ clientUserMessageId: v.string() })), data)
    expect(ids.map(({ clientUserMessageId }) => clientUserMessageId)).to.deep.equal(['theirs', 'mine', 'mine'])
  })
})

function typeOf(params: Readonly<Record<string, unknown>>): unknown {
  const { item } = params
  return typeof item === 'object' && item !== null && 'type' in item ? item.type : undefined
}
