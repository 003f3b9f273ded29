/** What a notification changes besides the ledger's events, and whom its event names as the author. */
import { expect } from 'chai'
import { decodeNotification } from '../../../../src/codex/decoding/decode-notification.ts'
import type { Author } from '../../../../src/protocol/events.ts'
import { openThreadSite, share, type ThreadSite } from '../../../support/sites/thread-site.ts'

const ann: Author = { label: 'ann', kind: 'human', pid: 1 }
const ci: Author = { label: 'ci', kind: 'script', pid: 2 }

describe('Recording a notification', () => {
  let site: ThreadSite
  let sent: string[]
  beforeEach(async () => {
    sent = []
    site = await openThreadSite()
    share(site, 'a', 'one')
  })
  afterEach(() => site.close())

  const come = (method: string, more: object) => {
    sent.push(method)
    site.notifications.record('a', decodeNotification(method, { threadId: 'a', ...more }, 5))
  }
  const ended = (status: string) => ({ turn: { id: 't1', status, completedAt: 2 } })
  const events = () => {
    site.recorder.flush()
    return site.ledger.events.page('a', 0, 100).map(({ json }) => JSON.parse(json))
  }
  const lastBy = () => events().at(-1)?.by?.label ?? null

  const effects: readonly (readonly [what: string, act: () => void, seen: () => unknown, expected: unknown])[] = [
    [
      'a turn that starts takes the slot',
      () => come('turn/started', { turn: { id: 't1' } }),
      () => site.slots.active('a')?.turnId,
      't1',
    ],
    [
      'a turn that ends frees it',
      () => {
        come('turn/started', { turn: { id: 't1' } })
        come('turn/completed', ended('completed'))
      },
      () => site.slots.active('a'),
      null,
    ],
    [
      'the end of another turn does not',
      () => {
        come('turn/started', { turn: { id: 't2' } })
        come('turn/completed', ended('completed'))
      },
      () => site.slots.active('a')?.turnId,
      't2',
    ],
    [
      'a review is interrupted by the id under which it runs',
      () => come('turn/started', { turn: { id: 'sub', rootTurnId: 't1' } }),
      () => site.slots.interruptIdOf('a', 't1'),
      'sub',
    ],
    [
      'a turn that waits for an approval is shown so',
      () => {
        come('turn/started', { turn: { id: 't1' } })
        come('thread/status/changed', { status: { type: 'active', activeFlags: ['waitingOnApproval'] } })
      },
      () => site.slots.active('a')?.waitingOnApproval,
      true,
    ],
    [
      'a new name is the thread’s',
      () => come('thread/name/updated', { threadName: 'two' }),
      () => site.ledger.threads.get('a')?.name,
      'two',
    ],
    [
      'an archived thread is shown so',
      () => come('thread/archived', {}),
      () => site.ledger.threads.get('a')?.archived,
      1,
    ],
    [
      'one that is brought back is not',
      () => {
        come('thread/archived', {})
        come('thread/unarchived', {})
      },
      () => site.ledger.threads.get('a')?.archived,
      0,
    ],
    [
      'one that cannot be read changes nothing',
      () => come('turn/started', { turn: 'newer' }),
      () => site.slots.active('a'),
      null,
    ],
  ]
  for (const [what, act, seen, expected] of effects)
    it(`${what}, and is recorded as it came`, () => {
      act()
      expect(seen()).to.deep.equal(expected)
      expect(events().map(({ method }) => method)).to.deep.equal(sent)
    })

  const authors: readonly (readonly [what: string, act: () => void, label: string | null])[] = [
    [
      'a turn that started: who has the slot',
      () => {
        site.slots.admit('a', { is: 'begin', requestId: 'r1', by: ci })
        site.slots.onNamed('a', 'r1', 't1')
        come('turn/started', { turn: { id: 't1' } })
      },
      'ci',
    ],
    ['a turn that was started past us: nobody', () => come('turn/started', { turn: { id: 't1' } }), null],
    [
      'a turn that was interrupted: who asked for that',
      () => {
        site.notifications.interruptedBy('a', ann)
        come('turn/completed', ended('interrupted'))
      },
      'ann',
    ],
    [
      'a turn that ended by itself first: nobody',
      () => {
        site.notifications.interruptedBy('a', ann)
        come('turn/completed', ended('completed'))
      },
      null,
    ],
    [
      'the next turn that is interrupted: not who interrupted the one before',
      () => {
        site.notifications.interruptedBy('a', ann)
        come('turn/completed', ended('completed'))
        come('turn/completed', { turn: { id: 't2', status: 'interrupted', completedAt: 3 } })
      },
      null,
    ],
    [
      'a thread that was taken back: who asked for that, once',
      () => {
        site.notifications.revertedBy('a', ann)
        come('thread/reverted', {})
      },
      'ann',
    ],
    [
      'a prompt: who submitted it',
      () => {
        site.ledger.turns.remember('a', { requestId: 'r1', content: '', input: [], by: ci })
        come('item/completed', { turnId: 't1', item: { id: 'i1', type: 'userMessage', clientId: 'r1' } })
      },
      'ci',
    ],
  ]
  for (const [what, act, label] of authors)
    it(`names as the author of ${what}`, () => {
      act()
      expect(lastBy()).to.equal(label)
    })

  it('names who submitted a prompt before the thread was shared, while its history comes', async () => {
    const prompt = { turnId: 't1', item: { id: 'i1', type: 'userMessage', clientId: 'r1' } }
    await site.notifications.withEarlier(['r1'], ann, async () => come('item/completed', prompt))
    expect(lastBy()).to.equal('ann')
    come('item/completed', prompt)
    expect(lastBy()).to.equal(null)
  })

  it('says which settings changed behind Codex’s own report, with who asked for it', () => {
    const settings = (model: string) => ({
      threadSettings: { model, cwd: '/', approvalPolicy: 'never', sandboxPolicy: { type: 'readOnly' } },
    })
    come('thread/settings/updated', settings('one'))
    site.threadSettings.expect('a', { model: 'two' }, ann)
    come('thread/settings/updated', settings('two'))
    expect(events().map(({ method, by }) => [method, by?.label ?? null])).to.deep.equal([
      ['thread/settings/updated', null],
      ['thread/settings/updated', 'ann'],
      ['share/settingsChanged', 'ann'],
    ])
  })

  it('of a thread that is not followed is left out, except that it was put away', () => {
    const { notifications, ledger } = site
    const added: string[] = []
    const { recorder } = site
    const add = recorder.add.bind(recorder)
    recorder.add = (event) => {
      added.push(event.threadId)
      add(event)
    }
    const unfollowed = (method: string, threadId: string) =>
      notifications.onUnfollowed(threadId, decodeNotification(method, { threadId, turn: { id: 't1' } }, 5))
    for (const method of ['turn/started', 'thread/archived']) for (const id of ['a', 'b']) unfollowed(method, id)
    expect(events().map(({ method }) => method)).to.deep.equal(['thread/archived'])
    expect([ledger.threads.get('a')?.archived, added]).to.deep.equal([1, ['a']])
  })
})
