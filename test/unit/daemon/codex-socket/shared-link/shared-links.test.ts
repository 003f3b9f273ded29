/** Which clients share a link. */
import { join } from 'node:path'
import { expect } from 'chai'
import { SharedLinks } from '../../../../../src/daemon/codex-socket/shared-link/shared-links.ts'
import { readSettings } from '../../../../../src/platform/settings/settings.ts'
import { unguarded } from '../../../../../src/rpc/guard.ts'
import { makeScratch, type Scratch } from '../../../../support/scratch.ts'
import { clientRequest } from '../../../../support/sites/scripted-session.ts'
import { silentLog } from '../../../../support/sites/thread-site.ts'

type Core = ConstructorParameters<typeof SharedLinks>[0]

describe('The shared links', () => {
  let scratch: Scratch
  let links: SharedLinks

  beforeEach(() => {
    scratch = makeScratch()
    const settings = readSettings(join(scratch.dir, 'settings.json'))
    links = new SharedLinks({ settings, log: silentLog } as Core)
  })
  afterEach(() => scratch.remove())

  const link = (params: object) => links.for(clientRequest('initialize', params))
  const hello = { clientInfo: { name: 'tui' }, capabilities: { experimentalApi: true } }

  for (const [what, other, isSame] of [
    ['one for the same initialize', structuredClone(hello), true],
    ['another for a client of another name', { ...hello, clientInfo: { name: 'other' } }, false],
    ['another for a client that can do less', { ...hello, capabilities: {} }, false],
  ] as const)
    it(`are ${what}`, () => {
      expect(link(hello) === link(other)).to.equal(isSame)
    })

  it('are none for a client that Codex may ask for an attestation', () => {
    expect(link({ ...hello, capabilities: { requestAttestation: true } })).to.equal(undefined)
    expect(link({ ...hello, capabilities: { requestAttestation: false } })).to.not.equal(undefined)
  })

  it('are new where the former is over', () => {
    const former = link(hello)
    const member = { guard: unguarded, onSharedFrame: () => {}, onLinkLost: () => {} }
    former?.join('t', member)
    expect(link(hello)).to.equal(former)
    former?.leave('t', member)
    expect([former?.isOver, link(hello) === former, link(hello)?.isOver]).to.deep.equal([true, false, false])
  })
})
