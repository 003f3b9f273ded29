/** The notifications of Codex: the effect that each has here, and whether the readable outputs show it. */
import type { ServerNotification } from '../../generated/codex/ServerNotification.ts'

/** The effect of a notification on what this program knows; one with `nothing` is recorded and passed on as it is. */
export type EffectKind =
  | 'turnStarted'
  | 'turnEnded'
  | 'itemStarted'
  | 'itemGrew'
  | 'itemCompleted'
  | 'questionResolved'
  | 'statusChanged'
  | 'nameChanged'
  | 'settingsChanged'
  | 'threadClosed'
  | 'threadArchived'
  | 'threadUnarchived'
  | 'threadReverted'
  | 'accountChanged'
  | 'configWarned'
  | 'nothing'

interface NotificationRow {
  readonly effectKind: EffectKind
  /** In the readable outputs: shown, or left out for this reason. */
  readonly treatment: 'shown' | { readonly leftOut: string }
}

function shown<T extends EffectKind = 'nothing'>(effectKind?: T) {
  return { effectKind: (effectKind ?? 'nothing') as T, treatment: 'shown' } as const
}

function leftOut<T extends EffectKind = 'nothing'>(reason: string, effectKind?: T) {
  return { effectKind: (effectKind ?? 'nothing') as T, treatment: { leftOut: reason } } as const
}

const seenElsewhere = 'the same comes with item/completed'
const notOfThread = 'belongs to the app-server or one client, not to the conversation'
const bookkeeping = 'bookkeeping of the app-server and its interfaces'
const realtime = 'voice sessions are not shared'

/** Every notification that the pinned app-server can send; a new one in a new version fails the type check here, and only here. */
export const notifications = {
  error: shown(),
  warning: shown(),
  guardianWarning: shown(),
  configWarning: shown('configWarned'),
  deprecationNotice: leftOut(notOfThread),
  'thread/started': leftOut(bookkeeping),
  'thread/status/changed': shown('statusChanged'),
  'thread/name/updated': shown('nameChanged'),
  'thread/archived': shown('threadArchived'),
  'thread/unarchived': shown('threadUnarchived'),
  'thread/deleted': shown(),
  'thread/reverted': shown('threadReverted'),
  'thread/closed': leftOut(bookkeeping, 'threadClosed'),
  'thread/compacted': leftOut('the contextCompaction item says it'),
  'thread/readState/changed': leftOut('what one person has read'),
  'thread/section/changed': leftOut(bookkeeping),
  'thread/attachment/updated': leftOut(bookkeeping),
  'thread/goal/updated': leftOut(bookkeeping),
  'thread/goal/cleared': leftOut(bookkeeping),
  'thread/prediction/updated': leftOut('a guess at the next prompt, for the composer only'),
  'thread/queue/changed': leftOut(bookkeeping),
  'thread/project/updated': leftOut(bookkeeping),
  'thread/environment/connected': leftOut(bookkeeping),
  'thread/environment/disconnected': leftOut(bookkeeping),
  'thread/settings/updated': leftOut('share/settingsChanged says what is different', 'settingsChanged'),
  'thread/tokenUsage/updated': leftOut('numbers for a status line'),
  'project/changed': leftOut(notOfThread),
  'turn/started': leftOut('the prompt that follows says it', 'turnStarted'),
  'turn/completed': shown('turnEnded'),
  'turn/plan/updated': shown(),
  'turn/diff/updated': leftOut('the fileChange items show the same changes one by one'),
  'turn/moderationMetadata': leftOut(bookkeeping),
  'item/started': shown('itemStarted'),
  'item/completed': shown('itemCompleted'),
  'item/agentMessage/delta': shown('itemGrew'),
  'item/plan/delta': shown('itemGrew'),
  'item/reasoning/summaryTextDelta': shown('itemGrew'),
  'item/reasoning/summaryPartAdded': shown(),
  'item/reasoning/textDelta': leftOut('raw reasoning; its summary is shown', 'itemGrew'),
  'item/commandExecution/outputDelta': shown('itemGrew'),
  'item/commandExecution/terminalInteraction': leftOut(seenElsewhere),
  'item/fileChange/outputDelta': leftOut(seenElsewhere, 'itemGrew'),
  'item/fileChange/patchUpdated': leftOut(seenElsewhere, 'itemGrew'),
  'item/mcpToolCall/progress': leftOut(seenElsewhere),
  'item/autoApprovalReview/started': leftOut(bookkeeping),
  'item/autoApprovalReview/completed': leftOut(bookkeeping),
  'autoApprovalReview/strictReviewRequired': leftOut(bookkeeping),
  'rawResponseItem/completed': leftOut(seenElsewhere),
  'rawResponse/completed': leftOut(seenElsewhere),
  'serverRequest/resolved': leftOut('share/approvalAnswered says what was answered, and by whom', 'questionResolved'),
  'hook/started': leftOut(bookkeeping),
  'hook/completed': leftOut(bookkeeping),
  'model/rerouted': shown(),
  'model/verification': leftOut(bookkeeping),
  'model/safetyBuffering/updated': leftOut(bookkeeping),
  'modelProvider/authRecoveryStarted': leftOut(notOfThread),
  'modelProvider/authRecoveryCompleted': leftOut(notOfThread),
  'command/exec/outputDelta': leftOut(notOfThread),
  'process/outputDelta': leftOut(notOfThread),
  'process/exited': leftOut(notOfThread),
  'mcpServer/oauthLogin/completed': leftOut(notOfThread),
  'mcpServer/startupStatus/updated': leftOut(notOfThread),
  'mcpServer/event/stream/notification': leftOut(notOfThread),
  'account/updated': leftOut(notOfThread, 'accountChanged'),
  'account/gatewayOAuth/changed': leftOut(notOfThread),
  'account/rateLimits/updated': leftOut(notOfThread),
  'account/login/completed': leftOut(notOfThread, 'accountChanged'),
  'app/list/updated': leftOut(notOfThread),
  'skills/changed': leftOut(notOfThread),
  'remoteControl/status/changed': leftOut(notOfThread),
  'externalAgentConfig/import/progress': leftOut(notOfThread),
  'externalAgentConfig/import/completed': leftOut(notOfThread),
  'thread/search/partial': leftOut(notOfThread),
  'fs/changed': leftOut(notOfThread),
  'fuzzyFileSearch/sessionUpdated': leftOut(notOfThread),
  'fuzzyFileSearch/sessionCompleted': leftOut(notOfThread),
  'windows/worldWritableWarning': leftOut(notOfThread),
  'windowsSandbox/setupCompleted': leftOut(notOfThread),
  'thread/realtime/started': leftOut(realtime),
  'thread/realtime/itemAdded': leftOut(realtime),
  'thread/realtime/item/started': leftOut(realtime),
  'thread/realtime/item/transcript/delta': leftOut(realtime),
  'thread/realtime/item/completed': leftOut(realtime),
  'thread/realtime/transcript/delta': leftOut(realtime),
  'thread/realtime/transcript/done': leftOut(realtime),
  'thread/realtime/outputAudio/delta': leftOut(realtime),
  'thread/realtime/sdp': leftOut(realtime),
  'thread/realtime/error': leftOut(realtime),
  'thread/realtime/closed': leftOut(realtime),
} as const satisfies Record<ServerNotification['method'], NotificationRow>

export type ShownNotification = {
  readonly [M in keyof typeof notifications]: (typeof notifications)[M]['treatment'] extends 'shown' ? M : never
}[keyof typeof notifications]

const rows: ReadonlyMap<string, NotificationRow> = new Map(Object.entries(notifications))

/** Of a method that is not known, the name says whether it carries a piece of a growing item. */
export function effectKindOf(method: string): EffectKind {
  return rows.get(method)?.effectKind ?? (/^item\/.*[dD]elta$/.test(method) ? 'itemGrew' : 'nothing')
}

/** Whether it carries a piece of a growing item; these are dropped when the item is complete. */
export function isDelta(method: string): boolean {
  return effectKindOf(method) === 'itemGrew'
}

/** Why the readable outputs leave it out; undefined for what they show, and for what is not known. */
export function whyLeftOut(method: string): string | undefined {
  const treatment = rows.get(method)?.treatment
  return typeof treatment === 'object' ? treatment.leftOut : undefined
}
