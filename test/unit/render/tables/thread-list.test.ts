/** The list of threads on terminals of several widths. */
import { expect } from 'chai'
import type { SharedThread } from '../../../../src/protocol/methods.ts'
import { peerList, threadList } from '../../../../src/render/tables/thread-list.ts'
import { createPaint } from '../../../../src/render/terminal/theme.ts'

const thread = (threadId: string, name: string): SharedThread => ({
  threadId,
  name,
  cwd: '/home/ada/projects/release-tools',
  preview: null,
  openedAt: '2026-11-22T00:00:00.000Z',
  updatedAt: '2026-11-22T00:00:00.000Z',
  head: 1234,
  peers: 2,
  turn: null,
})

const threads = [
  thread('01a20590-456e-70b2-a977-25507630a948', 'release'),
  thread('01a20590-4abc-70b2-a977-25507630a948', 'the one with the long name of it all'),
]
const list = (width?: number) =>
  threadList(threads, {
    paint: createPaint(false),
    now: Date.parse('2026-11-22T00:05:00.000Z'),
    ...(width === undefined ? {} : { width }),
  }).split('\n')

describe('The list of threads', () => {
  it('has whole ids where there is room', () => {
    for (const lines of [list(), list(160)])
      expect(lines[1]).to.match(/^01a20590-456e-70b2-a977-25507630a948 {2}release .*release-tools$/)
  })

  it('says of a thread that it was put away', () => {
    const [first] = threads
    const put = first ? [{ ...first, archived: true as const }] : []
    expect(threadList(put, { paint: createPaint(false), now: 0 })).to.match(/release +archived +2/)
  })

  it('shortens ids first, to what tells them apart, and then the folder, of which the end stays', () => {
    expect(list(120)[1]).to.match(/^01a20590-45 {2}release .*\/home\/ada\/projects\/release-tools$/)
    expect(list(80)).to.deep.equal([
      'THREAD       NAME                  TURN  PEERS  HEAD  CHANGED    FOLDER',
      '01a20590-45  release               idle  2      1234  5 min ago  …lease-tools',
      '01a20590-4a  the one with the lo…  idle  2      1234  5 min ago  …lease-tools',
    ])
  })

  it('keeps id, name and turn on 40 columns', () => {
    expect(list(40)).to.deep.equal([
      'THREAD       NAME              TURN',
      '01a20590-45  release           idle',
      '01a20590-4a  the one with th…  idle',
    ])
  })
})

describe('The list of peers', () => {
  it('says what each may do', () => {
    const peer = { peerId: 'p1', label: 'ci', kind: 'script', pid: 7, since: '2026-11-22T00:04:00.000Z', threads: [] }
    const peers = [
      { ...peer, readOnly: false, rights: 'full' as const },
      { ...peer, readOnly: false, rights: 'post' as const },
      { ...peer, readOnly: true, rights: 'read' as const },
      { ...peer, readOnly: false }, // From an older daemon.
    ]
    const lines = peerList(peers, { paint: createPaint(false), now: Date.parse('2026-11-22T00:05:00.000Z') }).split(
      '\n',
    )
    expect(lines.slice(1).map((line) => line.split(/ {2,}/)[3])).to.deep.equal(['full', 'post', 'read-only', 'full'])
  })
})
