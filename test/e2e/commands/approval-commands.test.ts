/** `share approvals`, `approve`, `deny`, and what `post` says while its turn waits: as a script runs them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeSite, type TestSite } from '../../support/sites/daemon-process.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const program = join(import.meta.dirname, '../../../bin/run.js')

interface Run {
  readonly stdout: string
  readonly stderr: string
  readonly ended: Promise<number>
}

describe('the commands for approvals', function () {
  this.timeout(60_000)
  let site: TestSite
  let threadId: string
  const children: ChildProcess[] = []

  before(async () => {
    site = await makeSite({ approvalPolicy: 'on-request' })
    await site.startDaemon()
    threadId = await (await site.connect()).startThread('release')
  })

  after(async () => {
    for (const child of children) child.kill('SIGKILL')
    await site.close()
  })

  const start = (...args: string[]): Run => {
    const child = spawn(process.execPath, [program, ...args], { env: site.env, cwd: site.dir })
    children.push(child)
    const out = { stdout: '', stderr: '' }
    child.stdout.on('data', (data) => (out.stdout += String(data)))
    child.stderr.on('data', (data) => (out.stderr += String(data)))
    const ended = once(child, 'close').then(([code]) => Number(code))
    return Object.assign(out, { ended })
  }
  const run = (...args: string[]) => start(...args).ended
  const finish = async (started: Run) => ({ code: await started.ended, stdout: started.stdout, stderr: started.stderr })
  const post = (prompt: string) => start('post', '--thread', 'release', '--prompt', prompt, '--as', 'ci')

  it('post says what is asked and how to answer; approve lets the command run', async () => {
    const posted = post('ask echo all of it --is "shown"')
    await eventually('post tells', () => /approve --thread \S+ \w+/.test(posted.stderr))
    expect(posted.stderr).to.include('echo all of it --is "shown"').and.to.include('The script says so.')
    const listed = await finish(start('approvals'))
    expect(listed.stdout).to.include('echo all of it --is "shown"')
    const [approval] = JSON.parse((await finish(start('approvals', '--json'))).stdout)
    expect(approval).to.deep.include({ threadId, method: 'item/commandExecution/requestApproval' })
    expect(await finish(start('approve', '--result', '{"a":1}'))).to.deep.equal({
      code: 2,
      stdout: '',
      stderr:
        'Error: this is no answer to item/commandExecution/requestApproval: {"a":1}\nAn answer to it looks like {"decision":"accept"}\n',
    })
    expect(await finish(start('approve', '--json', '--as', 'ada'))).to.deep.include({
      code: 0,
      stdout: `${JSON.stringify({ threadId, approvalId: approval.approvalId, result: { decision: 'accept' } })}\n`,
    })
    const { code, stdout } = await finish(posted)
    expect([code, stdout.includes('The command has run.')]).to.deep.equal([0, true])
    const late = await finish(start('deny', approval.approvalId))
    expect(late).to.deep.include({ code: 9, stdout: '' })
    expect(late.stderr).to.include('was already resolved by ada')
  })

  it('deny tells Codex no, and the turn goes on; deny --cancel ends it', async () => {
    const denied = post('ask touch denied-file')
    await eventually('post tells', () => denied.stderr.includes('waits for an answer'))
    expect(await run('deny')).to.equal(0)
    expect(await denied.ended).to.equal(0)
    const cancelled = post('ask touch cancelled-file')
    await eventually('post tells', () => cancelled.stderr.includes('waits for an answer'))
    expect(await run('deny', '--cancel')).to.equal(0)
    expect(await cancelled.ended).to.equal(8)
  })

  it('says that nothing waits, with exit code 4 when something was to be answered', async () => {
    expect(await finish(start('approvals'))).to.deep.equal({ code: 0, stdout: '', stderr: 'No approval waits.\n' })
    expect(await run('approve')).to.equal(4)
    expect(await run('approve', 'ffffffff', '--thread', 'release')).to.equal(4)
  })
})
