/** Everything that Codex asks a person, asked by the real one: told to every peer that answers, shown in full, answered from a shell. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import * as v from 'valibot'
import { type Approval, approvalSchema } from '../../../src/protocol/approvals.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { askingSite } from '../../support/sites/asking-site.ts'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describe('What Codex asks', function () {
  this.timeout(60_000)
  let site: CommandSite
  let threadId: string
  let peers: readonly TestPeer[]

  before(async () => {
    site = await makeCommandSite(askingSite)
    threadId = await site.share('desk')
    peers = await Promise.all(['one', 'two'].map((label) => site.connect({ label, answers: true })))
    await Promise.all(peers.map((peer) => peer.follow(threadId)))
  })

  after(() => site.close())

  const toldOf = (peer: TestPeer, method: string) => peer.told.filter((message) => message.method === method)

  /** Posts, and waits until every peer that answers was asked; gives the question, and how the post ends. */
  async function ask(
    prompt: string,
  ): Promise<{ readonly asked: Approval; readonly ended: Promise<{ code: number | null; stdout: string }> }> {
    const before = peers.map((peer) => toldOf(peer, 'share/approval').length)
    const { ended } = site.start(['post', '-t', 'desk', '-p', prompt])
    return { asked: await nextQuestion(before), ended }
  }

  async function nextQuestion(before: readonly number[]): Promise<Approval> {
    const [first, second] = await Promise.all(
      peers.map(async (peer, index) => {
        const told = await eventually('the peer is asked', () => toldOf(peer, 'share/approval')[before[index] ?? 0])
        return v.parse(approvalSchema, told.params)
      }),
    )
    expect(first).to.deep.equal(second)
    if (!first) throw new Error('nobody was asked')
    return first
  }

  const shown = async () => (await site.run('approvals')).stdout

  /** Every peer hears of the end, and by whom. */
  async function expectResolved({ approvalId }: Approval, label: string): Promise<void> {
    for (const peer of peers)
      await eventually('its end is told', () =>
        toldOf(peer, 'share/approvalResolved').some(({ params }) => {
          const { approvalId: id, by } = Object(params)
          return id === approvalId && by?.label === label
        }),
      )
  }

  it('a change of files: with its diff, and the files are changed or not', async () => {
    const yes = await ask('patch allowed.txt')
    expect(yes.asked.method).to.equal('item/fileChange/requestApproval')
    const text = await shown()
    expect(text).to.include('Codex wants to change files')
    expect(text).to.include(`  add ${site.dir}/allowed.txt\n  +first line\n  +second line\n`)
    expect(existsSync(join(site.dir, 'allowed.txt'))).to.equal(false)
    expect((await site.run('approve', '--as', 'ada')).code).to.equal(0)
    expect(await yes.ended).to.include({ code: 0 })
    expect(readFileSync(join(site.dir, 'allowed.txt'), 'utf8')).to.equal('first line\nsecond line\n')
    await expectResolved(yes.asked, 'ada')

    const no = await ask('patch denied.txt')
    expect((await site.run('deny', '--as', 'ada')).code).to.equal(0)
    const { code, stdout } = await no.ended
    expect(code).to.equal(0)
    expect(stdout).to.match(/It said: .*rejected/)
    expect(existsSync(join(site.dir, 'denied.txt'))).to.equal(false)

    const cancelled = await ask('patch cancelled.txt')
    expect((await site.run('deny', '--cancel')).code).to.equal(0)
    expect((await cancelled.ended).code).to.equal(8)
    expect(existsSync(join(site.dir, 'cancelled.txt'))).to.equal(false)
  })

  it('permissions: each by name, and they are had or not', async () => {
    const folder = join(site.dir, 'reports')
    mkdirSync(folder)
    const yes = await ask(`permit ${folder}`)
    expect(yes.asked.method).to.equal('item/permissions/requestApproval')
    const text = await shown()
    expect(text).to.include('Codex wants to have permissions').and.to.include(`  write ${folder}\n`)
    expect(text).to.include('  reason  for the report\n')
    expect((await site.run('approve')).code).to.equal(0)
    const { stdout } = await yes.ended
    expect(stdout).to.include('permitted')
    expect(existsSync(join(folder, 'proof'))).to.equal(true)

    const no = await ask(`permit ${folder}/never`)
    expect((await site.run('deny', '--as', 'ada')).code).to.equal(0)
    expect((await no.ended).stdout).to.include('It said: {"permissions":{"network":null,"file_system":null}')
    await expectResolved(no.asked, 'ada')
  })

  it('questions: with what may be answered, and the model has the answers, or none', async () => {
    const two = await ask('questions')
    expect(two.asked.method).to.equal('item/tool/requestUserInput')
    const text = await shown()
    expect(text).to.include(`  Where: Where shall it go?  (one of these; may be left out)
    1  staging  Nobody sees it.
    2  production  Everybody does.
    or any other text
  When: And when?`)
    expect(text).to.include(`--answer '{"where":"…","when":"…"}'`)
    const refused = await site.run('approve')
    expect(refused.code).to.equal(2)
    expect(refused.stderr).to.include('needs more than a yes')
    expect((await site.run('approve', '--answer', '{"where":"staging","when":"at noon"}')).code).to.equal(0)
    const { stdout } = await two.ended
    expect(stdout).to.include('"where":{"answers":["staging"]}').and.to.include('"when":{"answers":["at noon"]}')

    const one = await ask('question')
    expect(await shown()).to.include('--answer TEXT')
    expect((await site.run('approve', '--answer', 'production', '--as', 'ada')).code).to.equal(0)
    expect((await one.ended).stdout).to.include('{"answers":{"where":{"answers":["production"]}}}')
    await expectResolved(one.asked, 'ada')

    const none = await ask('question')
    expect((await site.run('deny')).code).to.equal(0)
    expect((await none.ended).stdout).to.include('{"answers":{}}')
  })

  it('the form of a tool server: field by field, and the server has what was filled in, or a no', async () => {
    const yes = await ask('form')
    expect(yes.asked.method).to.equal('mcpServer/elicitation/request')
    expect(await shown()).to.include(`  desk: Which release?
  Channel  (one of these)
    1  stable
    2  beta
  count: How many machines  (a whole number; at least 1; 3 unless you say otherwise; may be left out)
  Name: of the release  (text)
  sure: Really?  (yes or no)
`)
    expect(await shown()).to.include(`--answer '{"channel":"…","count":3,"name":"…","sure":true}'`)
    const answer = { channel: 'beta', count: 2, name: 'spring', sure: true }
    expect((await site.run('approve', '--answer', JSON.stringify(answer), '--as', 'ada')).code).to.equal(0)
    expect((await yes.ended).stdout).to.include(
      '{"action":"accept","content":{"channel":"beta","count":2,"name":"spring","sure":true}}',
    )
    await expectResolved(yes.asked, 'ada')

    const no = await ask('form')
    expect((await site.run('deny', no.asked.approvalId.slice(0, 4))).code).to.equal(0)
    expect((await no.ended).stdout).to.include('"action":"decline"')
  })

  it('an address that a tool server wants opened: with the address', async () => {
    const { ended } = await ask('link')
    expect(await shown()).to.include('  desk: Log in there first.\n  https://example.org/login\n')
    expect((await site.run('approve')).code).to.equal(0)
    expect((await ended).stdout).to.include('"action":"accept"')
  })

  it('whether a tool may be called: with what it is given, once or for the session', async () => {
    const once = await ask('note')
    const text = await shown()
    expect(text).to.include('Codex wants to call a tool of a server')
    expect(text).to.include(
      '  desk: Allow the desk MCP server to run tool "note"?\n  Takes a note.\n    text: the first\n',
    )
    expect((await site.run('deny')).code).to.equal(0)
    expect((await once.ended).stdout).to.include('user rejected')

    const twice = await ask('notes')
    expect((await site.run('approve', '--session', '--as', 'ada')).code).to.equal(0)
    const { code, stdout } = await twice.ended
    expect(code).to.equal(0)
    expect(stdout).to.include('the second')
    await expectResolved(twice.asked, 'ada')
  })

  it('a call of a tool of its client’s: listed, and answered with the result', async () => {
    const [peer] = peers
    if (!peer) throw new Error('somebody is there')
    const tool = { type: 'function', name: 'lamp', description: 'Switches it.', inputSchema: { type: 'object' } }
    const { thread } = await peer.call('thread/start', { cwd: site.dir, dynamicTools: [tool] })
    const { id } = Object(thread)
    await peer.call('thread/name/set', { threadId: id, name: 'lamp' })
    await site.run('start', '-t', id)
    const post = site.start(['post', '-t', id, '-p', 'lamp'])
    // No person is waited for, so that Codex says nothing of it in the thread.
    const text = await eventually(
      'the call is listed',
      async () => /call a tool of its client[\s\S]*/.exec(await shown())?.[0],
    )
    expect(text).to.include('  tool  lamp\n').and.to.include('  arguments  {}\n')
    expect((await site.run('approve')).code).to.equal(2)
    const answer = { contentItems: [{ type: 'inputText', text: 'it is light' }], success: true }
    expect((await site.run('approve', '--result', JSON.stringify(answer))).code).to.equal(0)
    expect((await post.ended).stdout).to.include('it is light')
  })

  it('nothing for the session where that is not offered', async () => {
    const { ended } = await ask('form')
    expect((await site.run('approve', '--session')).code).to.equal(2)
    expect((await site.run('deny')).code).to.equal(0)
    await ended
  })
})
