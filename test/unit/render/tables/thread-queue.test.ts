/** What waits in the queues of threads, below their list and on its own. */
import { expect } from 'chai'
import type { SharedThread } from '../../../../src/protocol/methods.ts'
import type { ThreadQueue } from '../../../../src/protocol/queue.ts'
import { threadList } from '../../../../src/render/tables/thread-list.ts'
import { queueTable } from '../../../../src/render/tables/thread-queue.ts'
import { createPaint } from '../../../../src/render/terminal/theme.ts'

const queue: ThreadQueue = {
  threadId: '01a20590-456e-70b2-a977-25507630a948',
  prompts: [
    {
      id: '7d0c55f2-0000-4000-8000-000000000001',
      text: 'fix the tests\nand the docs',
      by: { label: 'ann', kind: 'script', pid: 7 },
      queuedAt: '2026-11-22T00:04:00.000Z',
    },
    {
      id: '91ab3c04-0000-4000-8000-000000000002',
      text: 'look at \u001b[31mCI',
      by: null,
      queuedAt: '2026-11-22T00:05:00.000Z',
    },
  ],
  heldBack: null,
}
const thread: SharedThread = {
  threadId: queue.threadId,
  name: 'release',
  cwd: '/work',
  preview: null,
  openedAt: '2026-11-22T00:00:00.000Z',
  updatedAt: '2026-11-22T00:00:00.000Z',
  head: 12,
  peers: 2,
  turn: null,
}
const options = { paint: createPaint(false), now: Date.parse('2026-11-22T00:05:00.000Z') }

describe('What waits in a thread', () => {
  it('is below the list of threads, in order, with whose it is', () => {
    const other = { ...thread, threadId: '01a20590-4abc-70b2-a977-25507630a948', name: 'other' }
    const lines = threadList([{ ...thread, queue }, other], options).split('\n')
    expect(lines.slice(3)).to.deep.equal([
      '',
      'Queued in release',
      '  1. ann: fix the tests and the docs',
      '  2. somebody: look at CI',
    ])
  })

  it('says why nothing of it is submitted', () => {
    const heldBack = { ...queue, heldBack: 'the last turn was interrupted' }
    const lines = threadList([{ ...thread, name: null, queue: heldBack }], { ...options, width: 60 }).split('\n')
    expect(lines[3]).to.equal('Queued in 01a20590-456e-70b2-a977-25507630a948, held back: …')
  })

  it('has the beginnings of ids by which each is taken back', () => {
    expect(queueTable(queue, options).split('\n')).to.deep.equal([
      'ID        BY        QUEUED     PROMPT',
      '7d0c55f2  ann       1 min ago  fix the tests and the docs',
      '91ab3c04  somebody  0 s ago    look at CI',
    ])
  })
})
