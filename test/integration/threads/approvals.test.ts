/** Approvals on the real app-server: asked of every peer that answers, settled by the first. */
import { expect } from 'chai'
import * as v from 'valibot'
import { approvalResolvedSchema, approvalSchema } from '../../../src/protocol/approvals.ts'
import { answerTo } from '../../../src/protocol/questions/question-kinds.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { endProcess, type TestSite } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('an approval', { daemon: false, approvalPolicy: 'on-request' }, (site) => {
  let daemon: Awaited<ReturnType<TestSite['startDaemon']>>

  before(async () => {
    daemon = await site.startDaemon()
  })

  const told = (peer: TestPeer, method: string) => peer.told.filter((message) => message.method === method)
  const asked = async (peer: TestPeer) =>
    v.parse(approvalSchema, (await eventually('an approval is told', () => told(peer, 'share/approval').at(-1))).params)
  const resolved = async (peer: TestPeer) =>
    v.parse(
      approvalResolvedSchema,
      (await eventually('its end is told', () => told(peer, 'share/approvalResolved').at(-1))).params,
    )
  const answer = (peer: TestPeer, { threadId, approvalId }: { threadId: string; approvalId: string }, result: object) =>
    peer.call('share/answer', { threadId, approvalId, result })

  it('is told to all that answer and to those that join later, is settled by the first, and names who it was', async () => {
    const [poster, one, two] = await Promise.all([
      site.connect({ label: 'poster' }),
      site.connect({ label: 'one', answers: true }),
      site.connect({ label: 'two', answers: true }),
    ])
    const threadId = await poster.startThread()
    await Promise.all([poster.follow(threadId), one.follow(threadId)])
    const { turn } = await poster.submit(threadId, 'ask echo allowed')
    const question = await asked(one)
    expect(question).to.deep.include({ threadId, turnId: turn.id, method: 'item/commandExecution/requestApproval' })
    expect(question.params.command).to.include('echo allowed')
    await two.follow(threadId)
    expect(await asked(two)).to.deep.equal(question)
    await poster.follow(threadId)
    expect(await poster.call('share/approvals', {})).to.deep.equal({ approvals: [question], resolved: [] })

    const result = answerTo(question, 'approve')
    if (!result) throw new Error('a command is answered by a yes')
    await answer(one, question, result)
    const late = await answer(two, question, { decision: 'decline' }).catch((error: unknown) => error)
    expect(late).to.deep.include({
      errorName: 'conflict',
      message: `approval ${question.approvalId} was already resolved by one`,
    })

    expect(await poster.turnEnd(turn.id)).to.equal('completed')
    const by = { label: 'one', kind: 'script', pid: process.pid }
    const end = { threadId, approvalId: question.approvalId, by, result }
    expect([await resolved(one), await resolved(two)]).to.deep.equal([end, end])
    expect(poster.events.find(({ method }) => method === 'serverRequest/resolved')?.by).to.deep.equal(by)
    expect(told(poster, 'share/approval')).to.deep.equal([])
  })

  it('is answered by nobody who is read-only, did not say that they answer, or leaves', async () => {
    const [poster, reader, leaver] = await Promise.all([
      site.connect({ label: 'poster' }),
      site.connect({ label: 'reader', readOnly: true, answers: true }),
      site.connect({ label: 'leaver', answers: true }),
    ])
    const threadId = await poster.startThread()
    await Promise.all([poster.follow(threadId), reader.follow(threadId), leaver.follow(threadId)])
    const { turn } = await poster.submit(threadId, 'ask echo never')
    const question = await asked(leaver)
    leaver.close()
    const refusals = await Promise.all(
      [poster, reader].map((peer) => answer(peer, question, { decision: 'accept' }).catch((error: unknown) => error)),
    )
    expect(refusals.map((error) => error instanceof Error && 'errorName' in error && error.errorName)).to.deep.equal([
      'denied',
      'readOnly',
    ])
    expect(told(reader, 'share/approval')).to.deep.equal([])
    expect(await poster.call('share/approvals', { threadId })).to.deep.equal({ approvals: [question], resolved: [] })
    await poster.call('turn/interrupt', { threadId, turnId: turn.id })
    expect(await poster.turnEnd(turn.id)).to.equal('interrupted')
    await eventually('nothing waits any more', async () => {
      const { approvals } = await poster.call('share/approvals', { threadId })
      return Array.isArray(approvals) && approvals.length === 0
    })
    const late = await answer(await site.connect({ answers: true }), question, { decision: 'accept' }).catch(String)
    expect(late).to.include('already resolved')
  })

  it('still waits after an answer that could not be given to Codex', async () => {
    const answerer = await site.connect({ label: 'answerer', answers: true })
    const threadId = await answerer.startThread()
    await answerer.follow(threadId)
    const { turn } = await answerer.submit(threadId, 'ask echo again')
    const question = await asked(answerer)
    const broken = await answer(answerer, question, { decision: 'half a pair: \ud800' }).catch(
      (error: unknown) => error,
    )
    expect(broken).to.include({ errorName: 'usage' })
    await answer(answerer, question, { decision: 'accept' })
    expect(await answerer.turnEnd(turn.id)).to.equal('completed')
  })

  it('waits on over a restart of the daemon, under the same name', async () => {
    const poster = await site.connect({ label: 'poster' })
    const threadId = await poster.startThread()
    const { turn, share } = await poster.submit(threadId, 'ask echo patience')
    const before = await eventually('it waits', async () => {
      const { approvals } = await poster.call('share/approvals', { threadId })
      return Array.isArray(approvals) && approvals[0]
    })
    await endProcess(daemon)
    daemon = await site.startDaemon()
    const answerer = await site.connect({ label: 'answerer', answers: true })
    await answerer.follow(threadId, share.after)
    const question = await asked(answerer)
    expect(question).to.deep.equal(before)
    await answer(answerer, question, { decision: 'decline' })
    expect(await answerer.turnEnd(turn.id)).to.equal('completed')
  })
})
