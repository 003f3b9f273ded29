/** Calls to a part that is built later. */
import { expect } from 'chai'
import { LateListener } from '../../../../src/daemon/start/late-listener.ts'

describe('A listener that is set later', () => {
  it('is given what was called before, in order, and then each call as it comes', () => {
    const late = new LateListener<string>()
    const heard: string[] = []
    late.call('early')
    late.call('next')
    late.set((value) => heard.push(value))
    late.call('live')
    expect(heard).to.deep.equal(['early', 'next', 'live'])
  })

  it('is set once', () => {
    const late = new LateListener<string>()
    late.set(() => {})
    expect(() => late.set(() => {})).to.throw('there is a listener already')
  })
})
