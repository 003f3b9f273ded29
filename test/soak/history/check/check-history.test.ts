/** Every kind of broken promise is found: a history that is right, with one thing in it changed. */
import { expect } from 'chai'
import { finalText } from '../answers.ts'
import { excerpt } from '../excerpt.ts'
import type { Attempt, EventParams, History, SeenEvent } from '../history.ts'
import { checkHistory } from './check-history.ts'
import { checkProcesses } from './check-processes.ts'

const threadId = 'thread'
const by = { label: 'post 1', kind: 'script' }
const prompt = 'a-1 say 4 every 0'
const answer = finalText(prompt) ?? ''

function event(id: number, method: string, params: EventParams, more: Partial<SeenEvent> = {}): SeenEvent {
  return { id, threadId, turnId: 'turn-1', at: new Date(id * 1000).toISOString(), method, params, by: null, ...more }
}

const asks = (id: number, text: string, clientId: string | null, more: Partial<SeenEvent> = {}) =>
  event(
    id,
    'item/completed',
    { item: { id: `u${id}`, type: 'userMessage', clientId, content: [{ text }] } },
    { by, ...more },
  )
const says = (id: number, text: string, more: Partial<SeenEvent> = {}) =>
  event(id, 'item/completed', { item: { id: 'answer', type: 'agentMessage', text } }, more)
const starts = (id: number, more: Partial<SeenEvent> = {}) => event(id, 'turn/started', {}, more)
const ends = (id: number, status = 'completed', more: Partial<SeenEvent> = {}) =>
  event(id, 'turn/completed', { turn: { id: 'turn-1', status } }, more)
const begins = event(3, 'item/started', { item: { id: 'answer', type: 'agentMessage', text: '' } })
const command = { id: 'command', type: 'commandExecution' }
const runs = (id: number) => event(id, 'item/started', { item: command })
const delta = (id: number, text: string) => event(id, 'item/agentMessage/delta', { itemId: 'answer', delta: text })

const attempt: Attempt = {
  ...{ actor: 'post 1', kind: 'command', threadId, prompt, requestId: 'id-1', startedMs: 1000, endedMs: 7000 },
  ...{ outcome: { is: 'acknowledged', turnId: 'turn-1', duplicate: false }, exitCode: 0, shown: `codex\n${answer}\n` },
}
const whole = [starts(1), asks(2, prompt, 'id-1'), begins, says(6, answer), ends(7)]
const live = [
  starts(1),
  asks(2, prompt, 'id-1'),
  begins,
  delta(4, answer.slice(0, 9)),
  delta(5, answer.slice(9)),
  says(6, answer),
  ends(7),
]

interface Change extends Partial<Omit<History, 'ledger' | 'asked'>> {
  readonly events?: readonly SeenEvent[]
  readonly seen?: readonly SeenEvent[]
  readonly after?: number
  readonly others?: History['observations'][number]['others']
  readonly asked?: Record<string, number>
  readonly tries?: readonly Partial<Attempt>[]
}

function historyWith({
  events = whole,
  seen = live,
  after = 0,
  others = [],
  asked = { [prompt]: 1 },
  tries = [{}],
  ...more
}: Change): History {
  return {
    attempts: tries.map((one) => ({ ...attempt, ...one })),
    faults: [{ what: 'kill -9 of the daemon', startedMs: 2000, endedMs: 2001 }],
    observations: [{ who: 'tail', threadId, after, kind: 'follower', events: seen, others }],
    stockItems: [{ who: 'stock', threadId, itemId: 'answer', text: answer }],
    ledger: new Map([[threadId, events]]),
    storedPrompts: [{ threadId, text: prompt }],
    asked: new Map(Object.entries(asked)),
    ...more,
  }
}

const refused = { is: 'refused', why: '3' } as const
const frozen = { what: 'SIGSTOP of the daemon', startedMs: 1000, endedMs: 13_000 }
const unavailable = '{"error":{"name":"unavailable"}}'
const ui = { label: 'codex-tui', kind: 'codex' }
const typed = { kind: 'ui', requestId: null, outcome: { is: 'unknown', why: '' }, exitCode: null } as const
const second = { turnId: 'turn-2' }
const nowhere = { events: [], seen: [], stockItems: [], storedPrompts: [], asked: {} }
const killed = [starts(1), asks(2, prompt, 'id-1'), begins, ends(7, 'failed')]

const right: Readonly<Record<string, Change>> = {
  'as it should be': {},
  'refused and nowhere': { ...nowhere, tries: [{ outcome: refused, exitCode: 3 }] },
  'unknown and nowhere': { ...nowhere, tries: [{ outcome: { is: 'unknown', why: '6' }, exitCode: 6 }] },
  'unknown, and then it turned out that it ran': { tries: [{ outcome: { is: 'unknown', why: '6' }, exitCode: 6 }, {}] },
  'ended by a fault': { events: killed, seen: killed, stockItems: [], tries: [{ exitCode: 7 }] },
  'a prompt that its command repeated under a fault': {
    tries: [{ outcome: { is: 'acknowledged', turnId: 'turn-1', duplicate: true } }],
  },
  'a daemon that was frozen for longer than a follower waits': {
    faults: [frozen],
    others: [{ atMs: 12_000, line: unavailable }],
  },
  'two prompts of one person in one turn': {
    events: [
      starts(1),
      asks(2, prompt, null, { by: ui }),
      asks(3, 'b-1 run', null, { by: ui }),
      says(6, 'two'),
      ends(7),
    ],
    ...{ seen: [], stockItems: [], asked: { [prompt]: 1, 'b-1 run': 1 } },
    storedPrompts: [prompt, 'b-1 run'].map((text) => ({ threadId, text })),
    tries: [prompt, 'b-1 run'].map((text) => ({ ...typed, prompt: text })),
  },
  'a command that runs on behind the end of its turn': {
    events: [...whole.slice(0, -1), runs(7), ends(8), event(9, 'item/completed', { item: command })],
    seen: [],
  },
  'a hole that is marked': {
    events: [
      starts(1),
      asks(2, prompt, 'id-1'),
      begins,
      event(5, 'share/missed', { itemIds: ['answer'] }),
      says(6, answer),
      ends(7),
    ],
    seen: [
      starts(1),
      asks(2, prompt, 'id-1'),
      begins,
      delta(4, answer.slice(0, 4)),
      event(5, 'share/missed', { itemIds: ['answer'] }),
      says(6, answer),
      ends(7),
    ],
  },
}

const wrong: Readonly<Record<string, readonly [Change, RegExp]>> = {
  'acknowledged and lost': [{ ...nowhere, tries: [{ exitCode: null }] }, /acknowledged, and not in the ledger/],
  'in the ledger twice': [
    { events: [...whole.slice(0, 2), asks(8, prompt, 'id-1')].sort((a, b) => a.id - b.id) },
    /the ledger has the prompt 2 times/,
  ],
  'in Codex twice': [
    { storedPrompts: [attempt, attempt].map(() => ({ threadId, text: prompt })) },
    /Codex's record has the prompt 2 times/,
  ],
  'asked twice': [{ asked: { [prompt]: 2 } }, /the model was asked 2 times/],
  'refused and run': [{ tries: [{ outcome: refused, exitCode: 3 }] }, /refused, and yet 1 in the ledger/],
  'refused and asked': [
    { ...nowhere, asked: { [prompt]: 1 }, tries: [{ outcome: refused, exitCode: 3 }] },
    /refused, and yet 0 in the ledger, 0 in Codex's record, asked 1/,
  ],
  'nobody submitted it': [{ tries: [] }, /a prompt stands there that nobody submitted/],
  'another turn': [
    { tries: [{ outcome: { is: 'acknowledged', turnId: 'turn-9', duplicate: false } }] },
    /acknowledged as turn turn-9/,
  ],
  'another thread': [{ tries: [{ threadId: 'other' }] }, /in another thread/],
  'another author': [{ tries: [{ actor: 'post 2' }] }, /its author is/],
  'another request id': [{ tries: [{ requestId: 'id-2' }] }, /its id is id-1, and not id-2/],
  'another answer': [{ events: [...whole.slice(0, 3), says(6, 'no'), ends(7)] }, /the answer is \["no"\]/],
  'two answers': [
    { events: [...whole.slice(0, 3), says(5, answer), says(6, answer), ends(7)] },
    /the answer is \[.*, /,
  ],
  'an exit code that is not so': [{ tries: [{ exitCode: 7 }] }, /exit code 7, and the turn is completed/],
  'an answer shown twice': [{ tries: [{ shown: answer + answer }] }, /stdout has the answer 2 times/],
  'an answer not shown': [{ tries: [{ shown: '' }] }, /stdout has the answer 0 times/],
  'a duplicate of nothing': [
    { faults: [], tries: [{ outcome: { is: 'acknowledged', turnId: 'turn-1', duplicate: true } }] },
    /said to be a duplicate/,
  ],
  'given up although nothing was frozen for long': [
    { faults: [{ ...frozen, endedMs: 8000 }], others: [{ atMs: 9000, line: unavailable }] },
    /tail was given \{"error"/,
  ],
  'two prompts in one turn': [
    {
      events: [
        starts(1),
        asks(2, prompt, 'id-1'),
        asks(3, 'b-1 say 2 every 0', null),
        says(6, finalText('b-1 say 2 every 0') ?? ''),
        ends(7),
      ],
    },
    /the answer is/,
  ],
  'no start': [{ events: whole.slice(1) }, /the turn has 0 starts/],
  'two ends': [{ events: [...whole, ends(8)] }, /the turn has 2 ends/],
  'no end': [{ events: whole.slice(0, -1) }, /the turn has 0 ends/],
  'two turns at once': [
    { events: [starts(1), starts(2, second), ends(3, 'completed', second), ends(4)] },
    /started while turn turn-1 runs/,
  ],
  'an item behind the end': [{ events: [starts(1), ends(2), says(3, answer)] }, /item\/completed outside of its turn/],
  'a command that begins behind the end': [
    { events: [starts(1), ends(2), runs(3)] },
    /item\/started outside of its turn/,
  ],
  'two contents': [{ seen: [starts(1), asks(2, prompt, 'id-9')] }, /an id with two contents/],
  'out of order': [{ seen: [asks(2, prompt, 'id-1'), starts(1)] }, /id 1 comes after 2/],
  'the same again': [{ seen: [starts(1), starts(1)] }, /id 1 comes after 1/],
  'left out': [{ seen: [starts(1), ends(7)] }, /tail misses 3 events, the first is 2/],
  'taken back': [{ seen: [...live, starts(8, second)] }, /tail has 1 events that are gone, the first is 8/],
  'a hole that nothing marks': [{ seen: live.filter(({ id }) => id !== 4) }, /tail has \[.*\] of /],
  'a gap': [{ others: [{ atMs: 0, line: '{"gap":{}}' }] }, /tail was given \{"gap"/],
  'other words on codex.sock': [
    { stockItems: [{ who: 'stock', threadId, itemId: 'answer', text: 'no' }] },
    /stock heard "no"/,
  ],
}

describe('The checks of a history', () => {
  for (const [name, change] of Object.entries(right))
    it(`find nothing: ${name}`, () => expect(checkHistory(historyWith(change))).to.deep.equal([]))

  for (const [name, [change, promise]] of Object.entries(wrong))
    it(`find: ${name}`, () => {
      const found = checkHistory(historyWith(change)).map((violation) => violation.promise)
      expect(
        found.some((text) => promise.test(text)),
        found.join('\n'),
      ).to.equal(true)
    })

  it('show who did what around it', () => {
    const history = historyWith({ asked: { [prompt]: 2 } })
    const [violation] = checkHistory(history)
    const lines = violation ? excerpt(history, violation).map((line) => line.slice(13)) : []
    expect(lines[0]).to.match(/^\* post 1 \(command\) submits "a-1 say 4 every 0": .*exit code 0, 6000 ms$/)
    expect(lines).to.include('! kill -9 of the daemon, 1 ms')
    expect(lines).to.include('  #2 item/completed userMessage "a-1 say 4 every 0" by post 1 (turn turn-1)')
  })

  const one = (atMs: number, residentKiB: number, startToken = 'first') => ({
    atMs,
    daemons: [{ pid: 1, startToken, residentKiB, descriptors: 30 }],
    appServers: [2],
  })
  const minutes = (growKiB: number) => Array.from({ length: 10 }, (_, n) => one(n * 30_000, 80_000 + n * growKiB))

  it('see a daemon that grows, and none that does not', () => {
    expect(checkProcesses(minutes(100), one(0, 0))).to.deep.equal([])
    expect(checkProcesses(minutes(600), one(0, 0))).to.deep.equal(['daemon 1 grew by 1200 KiB a minute'])
  })

  it('see two daemons where one has the pid that another had before', () => {
    const later = [one(600_000, 60_000, 'second'), one(600_050, 90_000, 'second')]
    expect(checkProcesses([one(0, 80_000), ...later], one(0, 0))).to.deep.equal([])
  })

  it('count daemons, app-servers and descriptors', () => {
    const many = (atMs: number) => ({
      ...{ atMs, appServers: [2, 3] },
      daemons: [{ pid: 1, startToken: 'first', residentKiB: 1, descriptors: 101 }],
    })
    const samples = [many(0), one(20_000, 1), many(25_000), many(50_000)]
    expect(checkProcesses([...samples, many(56_000)], { atMs: 0, daemons: [], appServers: [] })).to.deep.equal([
      '0 daemons at the end',
      '0 app-servers at the end',
      'for 30 s there was more than one app-server: 2, 3',
      'daemon 1 had 101 descriptors',
    ])
  })
})
