/** The ladder on which everything is stopped, and the steps of a process. */
import { expect } from 'chai'
import { processTarget, stopOne } from '../../../../src/platform/processes/stop-process.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

describe('The ladder on which something is stopped', () => {
  /** Climbs a ladder of three steps towards a target that ends after the step of this name. */
  async function climb(endsAfter: string | undefined) {
    const taken: string[] = []
    let hasEnded = endsAfter === 'nothing'
    const step = (name: string) => ({
      withinMs: 0,
      act: () => {
        taken.push(name)
        hasEnded = name === endsAfter
      },
    })
    const target = {
      hasEnded: async () => hasEnded,
      outlived: () => new ShareError('unavailable', 'it does not end'),
    }
    const end = await stopOne(target, ['ask', 'terminate', 'kill'].map(step)).catch(({ message }: Error) => message)
    return { taken, end }
  }

  const cases = [
    { endsAfter: 'nothing', taken: [], end: undefined },
    { endsAfter: 'ask', taken: ['ask'], end: undefined },
    { endsAfter: 'terminate', taken: ['ask', 'terminate'], end: undefined },
    { endsAfter: 'kill', taken: ['ask', 'terminate', 'kill'], end: undefined },
    { endsAfter: undefined, taken: ['ask', 'terminate', 'kill'], end: 'it does not end' },
  ]
  for (const { endsAfter, taken, end } of cases)
    it(`is climbed to ${endsAfter ?? 'its end'}, and no further`, async () => {
      expect(await climb(endsAfter)).to.deep.equal({ taken, end })
    })

  it('gives what was asked already its time, before it acts', async () => {
    let looks = 0
    const acts: string[] = []
    const target = {
      hasEnded: async () => ++looks > 1,
      outlived: () => new ShareError('unavailable', 'it does not end'),
    }
    await stopOne(target, [{ withinMs: 0 }, { withinMs: 0, act: () => acts.push('killed') }])
    expect(acts).to.deep.equal([])
  })

  it('ends with the error of a step that fails', async () => {
    const target = { hasEnded: async () => false, outlived: () => new ShareError('unavailable', 'it does not end') }
    const act = () => {
      throw new ShareError('unavailable', 'not allowed')
    }
    const end = await stopOne(target, [{ withinMs: 0, act }]).catch(({ message }: Error) => message)
    expect(end).to.equal('not allowed')
  })
})

describe('A process that is to be stopped', () => {
  it('has ended where another process has its pid by now, and gets no signal', async () => {
    const record = { pid: process.pid, startToken: 'of another process' }
    const target = processTarget('process', record)
    await stopOne(target, [target.signal('SIGKILL', 0)])
    expect(await target.hasEnded()).to.equal(true)
  })

  it('names itself where it outlives SIGKILL', () => {
    const { message, facts } = processTarget('daemon', { pid: 7, startToken: 'x' }).outlived()
    const end = 'the daemon (pid 7) does not end, not even on SIGKILL'
    expect({ message, facts }).to.deep.equal({ message: end, facts: { pid: 7 } })
  })
})
