/** What the readable outputs do with each notification of the app-server: shown, or left out for a stated reason. */
import type { ServerNotification } from '../../generated/codex/ServerNotification.ts'
import type { ThreadItem } from '../../generated/codex/v2/ThreadItem.ts'

interface LeftOut {
  readonly leftOut: string
}

const shown = 'shown'
const leftOut = (reason: string): LeftOut => ({ leftOut: reason })

const seenElsewhere = leftOut('the same comes with item/completed')
const notOfThread = leftOut('belongs to the app-server or one client, not to the conversation')
const bookkeeping = leftOut('bookkeeping of the app-server and its interfaces')
const realtime = leftOut('voice sessions are not shared')

/** Every notification the pinned app-server can send; a new one in a new version fails the type check here. */
export const eventTreatment = {
  error: shown,
  warning: shown,
  guardianWarning: shown,
  configWarning: shown,
  deprecationNotice: notOfThread,
  'thread/started': bookkeeping,
  'thread/status/changed': shown,
  'thread/name/updated': shown,
  'thread/archived': shown,
  'thread/unarchived': shown,
  'thread/deleted': shown,
  'thread/reverted': shown,
  'thread/closed': bookkeeping,
  'thread/compacted': leftOut('the contextCompaction item says it'),
  'thread/readState/changed': leftOut('what one person has read'),
  'thread/section/changed': bookkeeping,
  'thread/attachment/updated': bookkeeping,
  'thread/goal/updated': bookkeeping,
  'thread/goal/cleared': bookkeeping,
  'thread/prediction/updated': leftOut('a guess at the next prompt, for the composer only'),
  'thread/queue/changed': bookkeeping,
  'thread/project/updated': bookkeeping,
  'thread/environment/connected': bookkeeping,
  'thread/environment/disconnected': bookkeeping,
  'thread/settings/updated': leftOut('share/settingsChanged says what is different'),
  'thread/tokenUsage/updated': leftOut('numbers for a status line'),
  'project/changed': notOfThread,
  'turn/started': leftOut('the prompt that follows says it'),
  'turn/completed': shown,
  'turn/plan/updated': shown,
  'turn/diff/updated': leftOut('the fileChange items show the same changes one by one'),
  'turn/moderationMetadata': bookkeeping,
  'item/started': shown,
  'item/completed': shown,
  'item/agentMessage/delta': shown,
  'item/plan/delta': shown,
  'item/reasoning/summaryTextDelta': shown,
  'item/reasoning/summaryPartAdded': shown,
  'item/reasoning/textDelta': leftOut('raw reasoning; its summary is shown'),
  'item/commandExecution/outputDelta': shown,
  'item/commandExecution/terminalInteraction': seenElsewhere,
  'item/fileChange/outputDelta': seenElsewhere,
  'item/fileChange/patchUpdated': seenElsewhere,
  'item/mcpToolCall/progress': seenElsewhere,
  'item/autoApprovalReview/started': bookkeeping,
  'item/autoApprovalReview/completed': bookkeeping,
  'autoApprovalReview/strictReviewRequired': bookkeeping,
  'rawResponseItem/completed': seenElsewhere,
  'rawResponse/completed': seenElsewhere,
  'serverRequest/resolved': leftOut('share/approvalAnswered says what was answered, and by whom'),
  'hook/started': bookkeeping,
  'hook/completed': bookkeeping,
  'model/rerouted': shown,
  'model/verification': bookkeeping,
  'model/safetyBuffering/updated': bookkeeping,
  'modelProvider/authRecoveryStarted': notOfThread,
  'modelProvider/authRecoveryCompleted': notOfThread,
  'command/exec/outputDelta': notOfThread,
  'process/outputDelta': notOfThread,
  'process/exited': notOfThread,
  'mcpServer/oauthLogin/completed': notOfThread,
  'mcpServer/startupStatus/updated': notOfThread,
  'mcpServer/event/stream/notification': notOfThread,
  'account/updated': notOfThread,
  'account/gatewayOAuth/changed': notOfThread,
  'account/rateLimits/updated': notOfThread,
  'account/login/completed': notOfThread,
  'app/list/updated': notOfThread,
  'skills/changed': notOfThread,
  'remoteControl/status/changed': notOfThread,
  'externalAgentConfig/import/progress': notOfThread,
  'externalAgentConfig/import/completed': notOfThread,
  'thread/search/partial': notOfThread,
  'fs/changed': notOfThread,
  'fuzzyFileSearch/sessionUpdated': notOfThread,
  'fuzzyFileSearch/sessionCompleted': notOfThread,
  'windows/worldWritableWarning': notOfThread,
  'windowsSandbox/setupCompleted': notOfThread,
  'thread/realtime/started': realtime,
  'thread/realtime/itemAdded': realtime,
  'thread/realtime/item/started': realtime,
  'thread/realtime/item/transcript/delta': realtime,
  'thread/realtime/item/completed': realtime,
  'thread/realtime/transcript/delta': realtime,
  'thread/realtime/transcript/done': realtime,
  'thread/realtime/outputAudio/delta': realtime,
  'thread/realtime/sdp': realtime,
  'thread/realtime/error': realtime,
  'thread/realtime/closed': realtime,
} as const satisfies Record<ServerNotification['method'], 'shown' | LeftOut>

/** Events of the daemon's own. */
const ownTreatment = {
  'share/settingsChanged': shown,
  'share/forgotten': shown,
  'share/missed': shown,
  'share/approvalAnswered': shown,
} as const
const treatments = { ...eventTreatment, ...ownTreatment }

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

type ShownIn<T> = { [K in keyof T]: T[K] extends 'shown' ? K : never }[keyof T]
export type ShownMethod = ShownIn<typeof treatments>
export type ShownItem = ShownIn<typeof itemTreatment>

export type Treatment<Shown extends string> = Shown | 'left out' | 'unknown'

/** The method when it is shown, else whether it is left out on purpose or not known at all. */
export function treatmentOfEvent(method: string): Treatment<ShownMethod> {
  return lookUp(treatments, method)
}

/** The same for an item's type. */
export function treatmentOfItem(type: string): Treatment<ShownItem> {
  return lookUp(itemTreatment, type)
}

function lookUp<T extends Record<string, 'shown' | LeftOut>>(table: T, name: string): Treatment<ShownIn<T> & string> {
  if (!Object.hasOwn(table, name)) return 'unknown'
  return table[name] === 'shown' ? (name as ShownIn<T> & string) : 'left out'
}
