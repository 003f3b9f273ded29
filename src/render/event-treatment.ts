/** What the readable outputs do with each notification of the app-server: shown, or left out for a stated reason. */
import type { ThreadItem } from '../../generated/codex/v2/ThreadItem.ts'
import { type LeftOut, notifications } from '../protocol/notifications.ts'

const shown = 'shown'
const leftOut = (reason: string): LeftOut => ({ leftOut: reason })

/** Events of the daemon's own. */
type OwnShown = 'share/settingsChanged' | 'share/forgotten' | 'share/missed' | 'share/approvalAnswered'

type ShownNotification = {
  [M in keyof typeof notifications]: (typeof notifications)[M]['treatment'] extends 'shown' ? M : never
}[keyof typeof notifications]
export type ShownMethod = ShownNotification | OwnShown

const treatments: Readonly<Record<string, 'shown' | LeftOut>> = {
  ...Object.fromEntries(Object.entries(notifications).map(([method, { treatment }]) => [method, treatment])),
  ...({
    'share/settingsChanged': shown,
    'share/forgotten': shown,
    'share/missed': shown,
    'share/approvalAnswered': shown,
  } satisfies Record<OwnShown, 'shown'>),
}

/** Every kind of item the pinned app-server knows. */
export const itemTreatment = {
  userMessage: shown,
  agentMessage: shown,
  plan: shown,
  reasoning: shown,
  commandExecution: shown,
  fileChange: shown,
  mcpToolCall: shown,
  dynamicToolCall: shown,
  collabAgentToolCall: shown,
  subAgentActivity: shown,
  webSearch: shown,
  imageView: shown,
  imageGeneration: shown,
  enteredReviewMode: shown,
  exitedReviewMode: shown,
  contextCompaction: shown,
  hookPrompt: leftOut('text that a hook gave the model, not the people'),
  functionCallOutput: leftOut('what a client answered to a tool call; the call is shown'),
  sleep: leftOut('the model waiting'),
} as const satisfies Record<ThreadItem['type'], 'shown' | LeftOut>

export type ShownItem = {
  [T in keyof typeof itemTreatment]: (typeof itemTreatment)[T] extends 'shown' ? T : never
}[keyof typeof itemTreatment]

export type Treatment<Shown extends string> = Shown | 'left out' | 'unknown'

/** The method when it is shown, else whether it is left out on purpose or not known at all. */
export function treatmentOfEvent(method: string): Treatment<ShownMethod> {
  return lookUp<ShownMethod>(treatments, method)
}

/** The same for an item's type. */
export function treatmentOfItem(type: string): Treatment<ShownItem> {
  return lookUp<ShownItem>(itemTreatment, type)
}

function lookUp<S extends string>(table: Readonly<Record<string, 'shown' | LeftOut>>, name: string): Treatment<S> {
  if (!Object.hasOwn(table, name)) return 'unknown'
  return table[name] === 'shown' ? (name as S) : 'left out'
}
