/** What may be asked on each socket: the daemon's own table, and all that the installed Codex says it takes. */
import { codexMethods } from '../../../src/daemon/daemon-socket/codex-methods.ts'
import { methods } from '../../../src/protocol/methods.ts'
import type { Chance } from '../chance.ts'
import type { Members } from './odd-json.ts'
import { drawMembers, type Named, type Schema } from './schema.ts'
import { jsonSchemaOf } from './valibot-schema.ts'
import { endsSomething, takesFromThread, whyWithheld } from './withheld.ts'

/** What Codex has written of its requests: the schema of the parameters by method, and the types that they refer to. */
export interface CodexRequests {
  readonly params: Readonly<Record<string, Schema>>
  readonly definitions: Readonly<Record<string, Schema>>
}

export interface Call {
  readonly method: string
  readonly params: Members
  /** Another id than any other call of its connection, so that its reply is known. */
  readonly id: string
}

export type SocketName = 'daemon' | 'codex'

const unknownMethods = ['no/such/method', 'share/nothing', '__proto__', 'constructor']
const client = { name: 'fuzz', title: null, version: '0' }
const ours: Readonly<Record<string, Schema>> = Object.fromEntries(
  Object.entries(methods).map(([method, { params }]) => [method, jsonSchemaOf(params)]),
)

export class Grammar {
  /** Every method, and what is known of its parameters. */
  readonly methods: Readonly<Record<SocketName, readonly string[]>>
  /** Codex's methods that are not called on `codex.sock`, by the reason. */
  readonly withheld: ReadonlyMap<string, string>
  private readonly codex: CodexRequests

  constructor(codex: CodexRequests) {
    this.codex = codex
    const theirs = Object.keys(codex.params)
    this.withheld = new Map(
      theirs.flatMap((method) => [[method, whyWithheld(method) ?? '']] as const).filter(([, why]) => why),
    )
    this.methods = {
      daemon: [...new Set([...Object.keys(ours), ...theirs])],
      codex: theirs.filter((method) => !this.withheld.has(method)),
    }
  }

  /** A call with parameters that are right as far as the schema says. */
  call(
    socket: SocketName,
    chance: Chance,
    given: Named,
    { id, mayEnd }: { readonly id: string; readonly mayEnd: boolean },
  ): Call {
    const method = this.pick(socket, chance)
    if (endsSomething(method) && !mayEnd) return this.call(socket, chance, given, { id, mayEnd })
    const { definitions, params } = this.codex
    const named = takesFromThread(method) ? { ...given, threadIds: [] } : given
    const schema = socket === 'daemon' ? (ours[method] ?? params[method]) : params[method]
    return { id, method, params: drawMembers(schema ?? {}, { chance, named, definitions }) }
  }

  /** Whether the daemon may let it through on `daemon.sock`. */
  isLetThrough(method: string): boolean {
    return Object.hasOwn(ours, method) || Object.hasOwn(codexMethods, method)
  }

  /** On `daemon.sock` more often what is let through: most of Codex's is refused before anything is looked at. */
  private pick(socket: SocketName, chance: Chance): string {
    if (chance.percent(3)) return chance.pick(unknownMethods)
    if (socket === 'daemon' && chance.percent(70))
      return chance.pick([...Object.keys(ours), ...Object.keys(codexMethods)])
    // Turns are what most of the rules are about.
    if (socket === 'codex' && chance.percent(25)) return chance.pick(Object.keys(codexMethods))
    return chance.pick(this.methods[socket])
  }
}

/** Who a connection says it is, where it is let in at all. */
export function introduction(socket: SocketName, { readOnly }: { readonly readOnly: boolean }): Call {
  const share = { protocol: { min: 1, max: 1 }, kind: 'script', label: 'fuzz', readOnly, answers: !readOnly }
  const capabilities = { experimentalApi: true, requestAttestation: false }
  const more: Members = socket === 'codex' ? [['capabilities', capabilities]] : [['share', share]]
  return { id: 'hello', method: 'initialize', params: [['clientInfo', client], ...more] }
}
