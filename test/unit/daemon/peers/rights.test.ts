/** Who a peer is, and what it may do. */
import { mkdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { callerFolder } from '../../../../src/daemon/peers/caller-folder.ts'
import { identifyPeer, type PeerIdentity } from '../../../../src/daemon/peers/peer-identity.ts'
import { atMost, includes, refusal, requireRight, rightOf, rights } from '../../../../src/daemon/peers/rights.ts'
import { withoutLoosening } from '../../../../src/daemon/peers/submitter.ts'
import { ThreadSettingsStore } from '../../../../src/daemon/thread-settings/thread-settings.ts'
import { resolvePlaces } from '../../../../src/platform/places/resolve-places.ts'
import type { SocketPeer } from '../../../../src/platform/system/system.ts'
import { thisSystem } from '../../../../src/platform/system/this-system.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'

const identities: readonly PeerIdentity[] = [
  { kind: 'own', pid: 7 },
  { kind: 'confined', pid: 7 },
  { kind: 'foreign', pid: null, uid: 501 },
  { kind: 'unknown', pid: null, reason: 'its process has ended' },
]
const [own, confined] = identities as readonly [PeerIdentity, PeerIdentity]

describe('The identity of a peer', () => {
  const uid = process.getuid?.() ?? 0
  const peer = (more: Partial<SocketPeer> = {}): SocketPeer => ({
    ...{ uid, pid: 7, isConfined: () => false, stillRuns: () => true },
    ...more,
  })
  const identify = (peerOf: () => SocketPeer | undefined) => identifyPeer({} as Socket, { ...thisSystem, peerOf })

  it('is what the kernel says, and unknown where it does not, or the process has ended', () => {
    const cases: readonly (readonly [SocketPeer | undefined, string])[] = [
      [peer(), 'own'],
      [peer({ stillRuns: () => undefined }), 'own'],
      [peer({ isConfined: () => true }), 'confined'],
      [peer({ uid: uid + 1 }), 'foreign'],
      [peer({ pid: 0 }), 'unknown'],
      [peer({ isConfined: () => undefined }), 'unknown'],
      [peer({ stillRuns: () => false }), 'unknown'],
      [undefined, 'unknown'],
    ]
    expect(cases.map(([found]) => identify(() => found).kind)).to.deep.equal(cases.map(([, kind]) => kind))
  })

  it('is unknown where it cannot be asked for, with the reason', () => {
    const identity = identify(() => {
      throw new Error('no such library')
    })
    expect(identity).to.deep.equal({ kind: 'unknown', pid: null, reason: 'no such library' })
  })
})

describe('The rights of a peer', () => {
  it('each include those before', () => {
    const table = rights.map((right) => rights.filter((needed) => includes(right, needed)).length)
    expect(table).to.deep.equal([1, 2, 3, 4])
    expect([atMost('read', 'full'), atMost('full', 'read'), atMost('post', 'post')]).to.deep.equal([
      ...['read', 'read', 'post'],
    ])
  })

  it('come from who it is, and from what the settings let the confined do', () => {
    const table = (['refuse', 'read', 'post'] as const).map((allowed) =>
      identities.map((identity) => rightOf(identity, { confined: allowed })),
    )
    expect(table).to.deep.equal([
      ['full', 'none', 'none', 'read'],
      ['full', 'read', 'none', 'read'],
      ['full', 'post', 'none', 'post'],
    ])
  })

  it('are refused with the reason: who it is, or where its Codex home is', () => {
    expect(identities.map((identity) => refusal(identity, 'x').message)).to.deep.equal([
      'x: this connection is read-only',
      'x: process 7 runs in Codex’s sandbox',
      'x: the daemon serves another user, not uid 501',
      'x: the process is not identified (its process has ended), so it may only read',
    ])
    const otherHome = { caller: '/a', daemon: '/b' }
    const asked = { identity: own, granted: 'full', right: 'read', otherHome } as const
    expect(() => requireRight(asked, 'read', 'x')).not.to.throw()
    expect(() => requireRight(asked, 'post', 'x')).to.throw('works with CODEX_HOME=/b')
    expect(() => requireRight({ ...asked, granted: 'read' }, 'post', 'x')).to.throw('read-only')
  })
})

describe('The folder of a caller', () => {
  let scratch: Scratch
  before(() => {
    scratch = makeScratch()
  })
  after(() => scratch.remove())

  it('is where its process runs, unless that is not known, or ours', async () => {
    const places = resolvePlaces({ CODEX_SHARE_RUNTIME_DIR: join(scratch.dir, 'run') })
    mkdirSync(join(scratch.dir, 'run/below'), { recursive: true })
    const folderOf = (identity: PeerIdentity, folder: string | undefined) =>
      callerFolder(identity, places, { ...thisSystem, folderOf: async () => folder })
    const unknown = { kind: 'unknown', pid: null, reason: '' } as const
    expect([
      await folderOf(own, '/work'),
      await folderOf(own, undefined),
      await folderOf(unknown, '/work'),
      await folderOf(own, join(scratch.dir, 'run')),
      await folderOf(own, join(scratch.dir, 'run/below')),
    ]).to.deep.equal(['/work', undefined, undefined, undefined, undefined])
  })
})

describe('A request that would loosen a thread', () => {
  const author = { label: 'ann', kind: 'script', pid: 7 } as const
  const request = { approvalPolicy: 'never', model: 'm' }
  const settings = new ThreadSettingsStore()
  settings.onAnswer('t', { approvalPolicy: 'on-request', cwd: '/', sandbox: { type: 'readOnly' } })

  it('is refused where it is nobody’s at a terminal, or goes without what loosens', async () => {
    const refused = await withoutLoosening(settings, 't', request, { author, identity: confined }).catch(
      (error: Error) => error.message,
    )
    expect(refused).to.equal(
      'approvalPolicy "never": only a person at a terminal loosens the settings of a shared thread',
    )
    const leftOut: string[] = []
    const onLeftOut = (_threadId: string, what: string) => leftOut.push(what)
    const taken = await withoutLoosening(settings, 't', request, { author, identity: confined, onLeftOut })
    expect([taken, leftOut]).to.deep.equal([{ approvalPolicy: null, model: 'm' }, ['approvalPolicy "never"']])
  })

  it('goes as it is where it loosens nothing', async () => {
    const same = { approvalPolicy: 'on-request' }
    expect(await withoutLoosening(settings, 't', same, { author, identity: confined })).to.equal(same)
  })
})
