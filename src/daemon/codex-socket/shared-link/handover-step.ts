/** How a thread of a stock client is handed over from the client's own link to the shared link, without a seam. Pure. */
import type { CallFrame } from '../frames/peek-frame.ts'
import type { Place } from './shared-link.ts'

/*
 * Within a turn (S is its start) both links send the same frames, tried on Codex 0.169, so that they can be counted from S:
 *
 *                 own                     changing         shared
 *   own link      S  1  2  unsubscribe →  3  4  ← reply    (ended: it has sent 4 frames since S)
 *   shared link   S  1                    2  3             4  5  6
 *   is at         0  1     place: 1       kept             4 - 1 = 3 to skip, the last of them equal to the own link's last
 *   client gets   S  1  2                 3  4             5  6
 *
 * A refused unsubscribe, a thread that is closed and a shared link that ends lead back to `own`.
 */
export type HandoverState =
  | { readonly way: 'own'; readonly turn: OwnTurn | null }
  | {
      readonly way: 'changing'
      readonly turn: OwnTurn
      /** How many frames since the turn's start the shared link had sent when the change began. */
      readonly place: number
      readonly kept: KeptFrames | null
      readonly keptBytes: number
    }
  | { readonly way: 'shared'; readonly seam: Seam | null }

/** The turn whose start the client's own link has sent, while the shared link follows the thread. */
interface OwnTurn {
  readonly turnId: string
  /** Since the start, and without it. */
  readonly frames: number
  readonly last: Buffer
}

/** The newest first: a list that grows by one is then a list of its own, without a copy. */
interface KeptFrames {
  readonly frame: LinkFrame
  readonly before: KeptFrames | null
}

/** The client has so many of the next frames already, and this is the last of them. */
interface Seam {
  readonly toSkip: number
  readonly last: Buffer
}

export interface LinkFrame {
  readonly data: Buffer
  readonly frame: CallFrame
}

export type HandoverInput =
  /** `started` is the turn that it starts, where the shared link follows the thread; `place` is how far the shared link is. */
  | {
      readonly is: 'ownFrame'
      readonly data: Buffer
      readonly effectKind: CallFrame['effectKind']
      readonly started: string | null
      readonly place: Place | undefined
    }
  | { readonly is: 'sharedFrame'; readonly frame: LinkFrame; readonly place: Place | undefined }
  /** Codex has answered the unsubscribe that began the change. */
  | { readonly is: 'left'; readonly isUnsubscribed: boolean }
  /** The client has resumed the thread once more, so that its own link is subscribed again. */
  | { readonly is: 'resumed'; readonly runsTurn: boolean }
  | { readonly is: 'linkLost'; readonly reason: string }
  | { readonly is: 'closed' }

export type HandoverEffect =
  /** The client gets the frame that came on its own link. */
  | { readonly is: 'pass' }
  /** The client gets a frame of the shared link. */
  | { readonly is: 'deliver'; readonly frame: LinkFrame }
  /** The own link is to end; where it `begins` the change, the reply is the next input. */
  | { readonly is: 'unsubscribe'; readonly begins: boolean }
  /** Frames are missing: the client has to begin again. */
  | { readonly is: 'cutOff'; readonly reason: string }

export interface HandoverStep {
  readonly state: HandoverState
  readonly effects: readonly HandoverEffect[]
}

export const onOwnLink: HandoverState = { way: 'own', turn: null }

const nothing: readonly HandoverEffect[] = []
const pass: readonly HandoverEffect[] = [{ is: 'pass' }]

/** `mostKeptBytes`: more are not kept during the change. */
export function step(state: HandoverState, input: HandoverInput, mostKeptBytes: number): HandoverStep {
  switch (input.is) {
    case 'ownFrame':
      return onOwnFrame(state, input)
    case 'sharedFrame':
      return onSharedFrame(state, input, mostKeptBytes)
    case 'left':
      return onLeft(state, input.isUnsubscribed, mostKeptBytes)
    case 'resumed':
      if (state.way !== 'changing' && !input.runsTurn) return stay(onOwnLink)
      // A change goes on: Codex may take its unsubscribe before the resume, or after it.
      return state.way === 'own' ? stay(state) : { state, effects: [{ is: 'unsubscribe', begins: false }] }
    case 'linkLost':
      return state.way === 'own' ? stay(onOwnLink) : cutOff(input.reason)
    case 'closed':
      return stay(onOwnLink)
  }
}

function onOwnFrame(state: HandoverState, input: Extract<HandoverInput, { is: 'ownFrame' }>): HandoverStep {
  const { data, effectKind, started, place } = input
  // Some frames Codex sends to everybody, subscribed or not: the shared link has them too, in their place.
  if (state.way === 'shared') return stay(state)
  if (state.way === 'changing') return { state: { ...state, turn: afterFrame(state.turn, data) }, effects: pass }
  const before = state.turn && afterFrame(state.turn, data)
  const turn =
    effectKind !== 'turnStarted' ? before : started === null ? null : { turnId: started, frames: 0, last: data }
  const next = tryChange({ way: 'own', turn }, place)
  if (next.state.way !== 'own') return { state: next.state, effects: [...pass, ...next.effects] }
  return { state: effectKind === 'turnEnded' ? onOwnLink : next.state, effects: pass }
}

function onSharedFrame(
  state: HandoverState,
  { frame, place }: Extract<HandoverInput, { is: 'sharedFrame' }>,
  mostKeptBytes: number,
): HandoverStep {
  // The own link has the frame as well. It may have sent more than the shared link, and nothing to send for a while.
  if (state.way === 'own') return tryChange(state, place)
  if (state.way === 'changing') {
    const keptBytes = state.keptBytes + frame.data.length
    if (keptBytes > mostKeptBytes) return cutOff('the change-over takes too long')
    return stay({ ...state, kept: { frame, before: state.kept }, keptBytes })
  }
  const { seam } = state
  if (!seam) {
    return { state: frame.frame.effectKind === 'threadClosed' ? onOwnLink : state, effects: [{ is: 'deliver', frame }] }
  }
  const toSkip = seam.toSkip - 1
  if (toSkip > 0) return stay({ way: 'shared', seam: { ...seam, toSkip } })
  return frame.data.equals(seam.last) ? stay({ way: 'shared', seam: null }) : cutOff('the links do not send the same')
}

/** The own link has sent its last frame. */
function onLeft(state: HandoverState, isUnsubscribed: boolean, mostKeptBytes: number): HandoverStep {
  if (state.way !== 'changing') return stay(state)
  if (!isUnsubscribed) return stay(onOwnLink)
  const { turn, place, kept } = state
  const toSkip = turn.frames - place
  if (toSkip < 0) return cutOff('the links do not send the same')
  let now: HandoverState = { way: 'shared', seam: toSkip === 0 ? null : { toSkip, last: turn.last } }
  const effects: HandoverEffect[] = []
  for (const frame of oldestFirst(kept)) {
    const next = onSharedFrame(now, { is: 'sharedFrame', frame, place: undefined }, mostKeptBytes)
    now = next.state
    effects.push(...next.effects)
  }
  return { state: now, effects }
}

/** The change begins once both links have sent the start of the same turn. */
function tryChange(state: Extract<HandoverState, { way: 'own' }>, place: Place | undefined): HandoverStep {
  const { turn } = state
  if (!turn || place?.turnId !== turn.turnId) return stay(state)
  return {
    state: { way: 'changing', turn, place: place.frames, kept: null, keptBytes: 0 },
    effects: [{ is: 'unsubscribe', begins: true }],
  }
}

function afterFrame(turn: OwnTurn, data: Buffer): OwnTurn {
  return { turnId: turn.turnId, frames: turn.frames + 1, last: data }
}

function oldestFirst(kept: KeptFrames | null): LinkFrame[] {
  const frames: LinkFrame[] = []
  for (let one = kept; one; one = one.before) frames.push(one.frame)
  return frames.reverse()
}

function stay(state: HandoverState): HandoverStep {
  return { state, effects: nothing }
}

function cutOff(reason: string): HandoverStep {
  return { state: onOwnLink, effects: [{ is: 'cutOff', reason }] }
}
