/** The stage of the threads: its calls upwards, and that nothing of it acts any more once it is closed. */
import { expect } from 'chai'
import { HealSlots } from '../../../../src/daemon/gate/heal-slots.ts'
import {
  linkOf,
  openable,
  openThreadSite,
  share,
  type TableLink,
  type ThreadSite,
  threadOf,
} from '../../../support/sites/thread-site.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('The threads of the daemon', () => {
  let site: ThreadSite
  let link: TableLink
  beforeEach(async () => {
    link = linkOf({
      ...openable(threadOf('a')),
      'turn/start': { turn: { id: 't1' } },
      'thread/queue/list': { data: [] },
    })
    site = await openThreadSite(link)
    share(site, 'a', 'one')
  })
  afterEach(() => site.close())

  const queuePrompt = () => {
    const by = { label: 'ci', kind: 'script', pid: 1 } as const
    site.queues.add('a', {
      clientId: 'c1',
      input: [{ type: 'text', text: 'next', text_elements: [] }],
      metadata: null,
      by,
    })
  }
  const freeSlot = () => {
    site.slots.onTurnStarted('a', 't0', 1)
    site.slots.onTurnEnded('a', 't0')
  }

  it('are caught up with where the ledger misses events of them', async () => {
    await site.directory.follow('a')
    link.asked.length = 0
    site.missed.call(new Set(['a']))
    await eventually('it is caught up with', () => site.threadSync.isCaughtUp('a'))
    expect(link.asked).to.include('thread/resume a')
  })

  it('have their queue looked at once they are open', async () => {
    queuePrompt()
    await site.directory.follow('a')
    await eventually('it is submitted', () => link.asked.includes('turn/start a'))
  })

  it('have their queue submitted when a slot is freed, and not once they are closed', async () => {
    queuePrompt()
    await site.stop()
    freeSlot()
    site.queueDrain.look('a')
    await new Promise(setImmediate)
    expect(link.asked).to.deep.equal([])
  })

  it('have a slot looked into that is held while Codex says that the thread is idle', async () => {
    const idle: string[] = []
    const { noteIdle } = HealSlots.prototype
    HealSlots.prototype.noteIdle = (threadId) => void idle.push(threadId)
    site.notifications.onThreadIdle('a')
    HealSlots.prototype.noteIdle = noteIdle
    expect(idle).to.deep.equal(['a'])
  })
})
