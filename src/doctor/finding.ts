/** The finding of a check. */

/** `ok`: as it should be; `note`: worth knowing; `warning`: will hurt some day; `problem`: hurts now. */
export type Level = 'ok' | 'note' | 'warning' | 'problem'

export interface Finding {
  readonly level: Level
  /** What is the case, in one sentence. */
  readonly what: string
  /** Why it matters; not for what is as it should be. */
  readonly why?: string
  /** The command that mends it, or what to do by hand. */
  readonly fix?: string
}

const order: readonly Level[] = ['ok', 'note', 'warning', 'problem']

export function worstLevel(findings: readonly Finding[]): Level {
  return order[Math.max(0, ...findings.map(({ level }) => order.indexOf(level)))] ?? 'ok'
}

export function ok(what: string): Finding {
  return { level: 'ok', what }
}
