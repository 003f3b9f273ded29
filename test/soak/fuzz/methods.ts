/** The methods that the cases call, each with parameters that are right: ours, and of Codex's those that a peer needs. */
import { type MethodName, methods } from '../../../src/protocol/methods.ts'
import type { Chance } from './chance.ts'
import type { Members } from './odd-json.ts'

/** What there is to be named at the moment. */
export interface Named {
  readonly threadIds: readonly string[]
  readonly turnIds: readonly string[]
  readonly approvalIds: readonly string[]
}

export interface Call {
  readonly method: string
  readonly params: Members
}

type Make = (chance: Chance, named: Named) => Members

const thread: Make = (chance, { threadIds }) => [['threadId', chance.pick([...threadIds, 'last', 'nobody'])]]
const turn: Make = (chance, named) => [
  ...thread(chance, named),
  ['turnId', chance.pick([...named.turnIds, 'none'])],
  ['expectedTurnId', chance.pick([...named.turnIds, 'none'])],
]
const prompt: Make = (chance, named) => [
  ...thread(chance, named),
  ['input', [{ type: 'text', text: chance.pick(['hello', 'deltas 20 20', '']), text_elements: [] }]],
  ['clientUserMessageId', `u-${chance.below(20)}`],
]
const none: Make = () => []
const client = { name: 'fuzz', title: null, version: '0' }

const ours: Readonly<Record<MethodName, Make>> = {
  initialize: (chance) => [
    ['clientInfo', client],
    ['share', { protocol: { min: 1, max: 1 }, kind: 'script', label: `fuzz ${chance.below(10)}`, answers: true }],
  ],
  'share/open': (chance, named) => [
    ...thread(chance, named),
    ['name', `name ${chance.below(5)}`],
    ['submitted', ['u-1']],
  ],
  'share/close': thread,
  'share/list': none,
  'share/resolve': (chance, { threadIds }) => [['thread', chance.pick([...threadIds, 'last', 'nobody', '0'])]],
  'share/subscribe': (chance, named) => [...thread(chance, named), ['after', chance.below(50)]],
  'share/unsubscribe': thread,
  'share/events': (chance, named) => [...thread(chance, named), ['from', { atMs: chance.below(2e12) }], ['limit', 10]],
  'share/who': thread,
  'share/approvals': thread,
  'share/answer': (chance, named) => [
    ...thread(chance, named),
    ['approvalId', chance.pick([...named.approvalIds, 'none'])],
    ['result', { decision: 'accept' }],
  ],
  // Of no thread: what one connection has forgotten would be missing for the others, and they check what they have.
  'share/forget': () => [
    ['threadId', 'nobody'],
    ['match', 'never said'],
    ['dryRun', true],
  ],
  'share/status': none,
  'share/moveAppServer': none,
  'share/shutdown': none,
}

/** Those that run commands, write files and settings, or log out are no business of a peer's, and none of this program's. */
const codex: Readonly<Record<string, Make>> = {
  'account/read': none,
  'config/read': none,
  'hooks/list': () => [['cwds', ['/']]],
  'model/list': none,
  'review/start': (chance, named) => [...thread(chance, named), ['target', { type: 'custom', instructions: 'look' }]],
  'thread/compact/start': thread,
  'thread/fork': thread,
  'thread/items/list': thread,
  'thread/list': () => [['limit', 5]],
  'thread/loaded/list': none,
  'thread/metadata/update': thread,
  'thread/name/set': (chance, named) => [...thread(chance, named), ['name', `name ${chance.below(5)}`]],
  'thread/queue/list': thread,
  'thread/read': thread,
  'thread/resume': (chance, named) => [...thread(chance, named), ['excludeTurns', chance.percent(50)]],
  'thread/start': (chance) => [['cwd', chance.pick([null, '/', 'nowhere'])]],
  'thread/turns/list': thread,
  'thread/unsubscribe': thread,
  'turn/interrupt': turn,
  'turn/start': prompt,
  'turn/steer': (chance, named) => [...prompt(chance, named), ...turn(chance, named).slice(1)],
  'no/such/method': none,
  ['__proto__']: none,
  constructor: none,
}

const codexInitialize: Members = [
  ['clientInfo', client],
  ['capabilities', { experimentalApi: true, requestAttestation: false }],
]

/** A call on `daemon.sock`: our own methods more often than Codex's. `share/shutdown` is for those who may not. */
export function callOnDaemonSocket(chance: Chance, named: Named, { readOnly }: { readonly readOnly: boolean }): Call {
  const all = Object.keys(methods).filter((method) => readOnly || method !== 'share/shutdown')
  const method = chance.percent(65) ? chance.pick(all) : chance.pick(Object.keys(codex))
  const make = isOurs(method) ? ours[method] : codex[method]
  return { method, params: make?.(chance, named) ?? [] }
}

export function callOnCodexSocket(chance: Chance, named: Named): Call {
  if (chance.percent(5)) return { method: 'initialize', params: codexInitialize }
  const method = chance.pick(Object.keys(codex))
  return { method, params: codex[method]?.(chance, named) ?? [] }
}

/** Who a connection says it is, where it is let in at all. */
export function introduction(socket: 'daemon' | 'codex', { readOnly }: { readonly readOnly: boolean }): Call {
  if (socket === 'codex') return { method: 'initialize', params: codexInitialize }
  const share = { protocol: { min: 1, max: 1 }, kind: 'script', label: 'fuzz', readOnly, answers: !readOnly }
  return {
    method: 'initialize',
    params: [
      ['clientInfo', client],
      ['share', share],
    ],
  }
}

function isOurs(method: string): method is MethodName {
  return Object.hasOwn(methods, method)
}
