/** The whole table of admission: what each request and each word of Codex's does in each state of a thread's slot. */
import { expect } from 'chai'
import {
  after,
  afterTaking,
  judge,
  type SlotFact,
  type SlotRequest,
  type SlotState,
  type Verdict,
} from '../../../../src/daemon/slots/admission.ts'

const ann = { label: 'ann', kind: 'ui', pid: 1 }
const ci = { label: 'ci', kind: 'script', pid: 2 }

/** Examples of each member of a union: a new member without one, or an example without its column below, does not compile. */
type ExamplesOf<U extends { is: string }> = { readonly [K in U['is']]: Readonly<Record<string, Extract<U, { is: K }>>> }
type NameIn<E> = { [K in keyof E]: keyof E[K] }[keyof E]

const held = { requestId: 'r1', by: ann, startedMs: 0, waitingOnApproval: false, lastEnded: null }
const running = { ...held, is: 'running', turnId: 't1', runsAs: null } as const
const states = {
  free: { free: { is: 'free', lastEnded: null }, justEnded: { is: 'free', lastEnded: 't1' } },
  reserved: {
    reserved: { ...held, is: 'reserved' },
    /** Its turn ended before the reply that names it: a review that was interrupted at once has no start. */
    reservedEnded: { ...held, is: 'reserved', lastEnded: 't1' },
  },
  running: {
    running,
    runsAs: { ...running, runsAs: 'sub' },
    waiting: { ...running, waitingOnApproval: true },
    /** Begun past us: nobody here asked for it. */
    foreign: { ...running, requestId: null, by: null },
  },
} satisfies ExamplesOf<SlotState>

const [isAskedFor, mayTouchOthers] = [true, true]
const requests = {
  begin: {
    submit: { is: 'begin', requestId: 'r2', by: ci },
    submitSame: { is: 'begin', requestId: 'r1', by: ann },
  },
  beginOrJoin: { command: { is: 'beginOrJoin', requestId: 'r2', by: ci } },
  steer: {
    steerOwn: { is: 'steer', claim: { by: ann }, isAskedFor: false },
    steerOwnTurn: { is: 'steer', claim: { ownTurnId: 't1' }, isAskedFor: false },
    steer: { is: 'steer', claim: { by: ci }, isAskedFor: false },
    steerWithoutTurn: { is: 'steer', claim: { ownTurnId: null }, isAskedFor: false },
    steerAskedFor: { is: 'steer', claim: { by: ci }, isAskedFor },
  },
  interrupt: {
    interruptOwn: { is: 'interrupt', claim: { by: ann }, mayTouchOthers: false },
    interruptOwnTurn: { is: 'interrupt', claim: { ownTurnId: 't1' }, mayTouchOthers: false },
    interrupt: { is: 'interrupt', claim: { by: ci }, mayTouchOthers: false },
    interruptWithRight: { is: 'interrupt', claim: { by: ci }, mayTouchOthers },
  },
} satisfies ExamplesOf<SlotRequest>

const facts = {
  named: {
    named: { is: 'named', requestId: 'r1', turnId: 't1', atMs: 1 },
    namedOther: { is: 'named', requestId: 'r1', turnId: 't2', atMs: 1 },
    namedLate: { is: 'named', requestId: 'r0', turnId: 't0', atMs: 1 },
  },
  started: {
    started: { is: 'started', turnId: 't1', atMs: 1, by: null },
    startedOther: { is: 'started', turnId: 't2', atMs: 1, by: ci },
  },
  runs: { runs: { is: 'runs', turnId: 't1', as: 'sub' }, runsOther: { is: 'runs', turnId: 't2', as: 'sub' } },
  waiting: { waits: { is: 'waiting', onApproval: true }, answered: { is: 'waiting', onApproval: false } },
  ended: { ended: { is: 'ended', turnId: 't1' }, endedOther: { is: 'ended', turnId: 't0' } },
  cameToNothing: {
    cameToNothing: { is: 'cameToNothing', requestId: 'r1' },
    cameToNothingLate: { is: 'cameToNothing', requestId: 'r0' },
  },
} satisfies ExamplesOf<SlotFact>

type StateName = NameIn<typeof states>
type Row<E, Cell> = Readonly<Record<NameIn<E>, Cell>>

const steers = (own: string, ownTurn: string, others: string) =>
  ({ steerOwn: own, steerOwnTurn: ownTurn, steer: others, steerWithoutTurn: others, steerAskedFor: 'passes' }) as const
const whenFree = {
  ...{ submit: 'taken', submitSame: 'taken', command: 'taken' },
  ...steers('passes', 'passes', 'passes'),
  // Codex says that none runs, to who may end any; who may only post has none.
  ...{ interruptOwn: 'denied', interruptOwnTurn: 'denied', interrupt: 'denied', interruptWithRight: 'passes' },
} as const
const whenReserved = {
  ...{ submit: 'busy', submitSame: 'same', command: 'busy' },
  ...steers('passes', 'notSteerable', 'notSteerable'),
  ...{ interruptOwn: 'passes', interruptOwnTurn: 'denied', interrupt: 'denied', interruptWithRight: 'passes' },
} as const
const whenRunning = {
  ...{ submit: 'busy', submitSame: 'same', command: 'passes' },
  ...steers('passes', 'passes', 'notSteerable'),
  ...{ interruptOwn: 'passes', interruptOwnTurn: 'passes', interrupt: 'denied', interruptWithRight: 'passes' },
} as const

const verdicts: Readonly<Record<StateName, Row<typeof requests, string>>> = {
  free: whenFree,
  justEnded: whenFree,
  reserved: whenReserved,
  reservedEnded: whenReserved,
  running: whenRunning,
  runsAs: whenRunning,
  waiting: whenRunning,
  foreign: { ...whenRunning, submitSame: 'busy', steerOwn: 'notSteerable', interruptOwn: 'denied' },
}

/** What a state becomes, in short: who has the slot, for which turn, and which ended last. `-` is no change. */
const free = 'free'
const unchanged = '-'
const whileFree = {
  ...{ named: unchanged, namedOther: unchanged, namedLate: unchanged },
  ...{ started: 't1 of nobody', startedOther: 't2 of ci' },
  ...{ runs: unchanged, runsOther: unchanged, waits: unchanged, answered: unchanged },
  ...{ ended: 'free, t1 ended', endedOther: 'free, t0 ended' },
  ...{ cameToNothing: unchanged, cameToNothingLate: unchanged },
}
const whileReserved = {
  ...{ named: 't1 of ann', namedOther: 't2 of ann', namedLate: unchanged },
  ...{ started: 't1 of ann', startedOther: 't2 of ann' },
  ...{ runs: unchanged, runsOther: unchanged, waits: '? of ann, waits', answered: unchanged },
  ...{ ended: '? of ann, t1 ended', endedOther: '? of ann, t0 ended' },
  ...{ cameToNothing: free, cameToNothingLate: unchanged },
}
const whileRunning = {
  ...{ named: unchanged, namedOther: 't2 of ann', namedLate: unchanged },
  ...{ started: unchanged, startedOther: 't2 of ci' },
  ...{ runs: 't1 of ann as sub', runsOther: unchanged, waits: 't1 of ann, waits', answered: unchanged },
  ...{ ended: 'free, t1 ended', endedOther: 't1 of ann, t0 ended' },
  ...{ cameToNothing: unchanged, cameToNothingLate: unchanged },
}

const changes: Readonly<Record<StateName, Row<typeof facts, string>>> = {
  free: whileFree,
  justEnded: {
    ...whileFree,
    ...{ started: unchanged, startedOther: 't2 of ci, t1 ended', ended: unchanged },
  },
  reserved: whileReserved,
  reservedEnded: {
    ...whileReserved,
    ...{ named: 'free, t1 ended', namedOther: 't2 of ann, t1 ended' },
    ...{ started: unchanged, startedOther: 't2 of ann, t1 ended' },
    ...{ waits: '? of ann, waits, t1 ended', ended: unchanged, cameToNothing: 'free, t1 ended' },
  },
  running: whileRunning,
  runsAs: {
    ...whileRunning,
    ...{ runs: unchanged, waits: 't1 of ann as sub, waits', endedOther: 't1 of ann as sub, t0 ended' },
  },
  waiting: {
    ...whileRunning,
    // Another turn of the same request still waits; one that came past it does not.
    ...{ namedOther: 't2 of ann, waits', runs: 't1 of ann as sub, waits', waits: unchanged },
    ...{ answered: 't1 of ann', endedOther: 't1 of ann, waits, t0 ended' },
  },
  foreign: {
    ...whileRunning,
    ...{ namedOther: unchanged, runs: 't1 of nobody as sub', waits: 't1 of nobody, waits' },
    endedOther: 't1 of nobody, t0 ended',
  },
}

function summary(state: SlotState): string {
  const ended = state.lastEnded === null ? '' : `, ${state.lastEnded} ended`
  if (state.is === 'free') return `free${ended}`
  const turn = state.is === 'running' ? state.turnId : '?'
  const as = state.is === 'running' && state.runsAs ? ` as ${state.runsAs}` : ''
  return `${turn} of ${state.by?.label ?? 'nobody'}${as}${state.waitingOnApproval ? ', waits' : ''}${ended}`
}

const examples = <T>(groups: Readonly<Record<string, Readonly<Record<string, T>>>>) =>
  Object.values(groups).flatMap((group) => Object.entries(group))
const tableOf = (cell: (state: SlotState) => [string, string][]) =>
  Object.fromEntries(examples<SlotState>(states).map(([name, state]) => [name, Object.fromEntries(cell(state))]))

describe('admission', () => {
  it('says of every request in every state whether it may go on', () => {
    const found = tableOf((state) =>
      examples<SlotRequest>(requests).map(([name, request]): [string, Verdict['is']] => [
        name,
        judge(state, request).is,
      ]),
    )
    expect(found).to.deep.equal(verdicts)
  })

  it('knows after everything that became of it, in every state, who has the slot', () => {
    const found = tableOf((state) =>
      examples<SlotFact>(facts).map(([name, fact]) => {
        const next = summary(after(state, fact))
        return [name, next === summary(state) ? unchanged : next]
      }),
    )
    expect(found).to.deep.equal(changes)
  })

  it('gives the slot to who asked, from the moment of sending on', () => {
    const taken = afterTaking({ is: 'free', lastEnded: 't0' }, { requestId: 'r9', by: ci }, 7)
    expect(taken).to.deep.equal({
      ...{ is: 'reserved', lastEnded: 't0', requestId: 'r9', by: ci, startedMs: 7, waitingOnApproval: false },
    })
  })
})
