/** Menus and pickers over the composer, with what is selected in them. Pure. */
import type { ActiveTurn } from '../../protocol/methods.ts'

/** The four actions of `/share`, in the order of the menu. */
export const shareActions = [
  { action: 'start', label: 'Start sharing this session' },
  { action: 'join', label: 'Join shared session' },
  { action: 'stop', label: 'Stop sharing' },
  { action: 'about', label: 'Help / About sharing' },
] as const
export type ShareAction = (typeof shareActions)[number]['action']

/** What a person may do about a prompt that came while a turn ran. */
export const busyChoices = [
  { choice: 'wait', label: 'Wait for it to end, then send' },
  { choice: 'steer', label: 'Steer it: add this to the running turn' },
  { choice: 'drop', label: 'Do not send; keep the draft' },
] as const
export type BusyChoice = (typeof busyChoices)[number]['choice']

/** A thread in a picker. */
export interface PickerEntry {
  readonly threadId: string
  readonly title: string
  readonly details: string
  readonly shared: boolean
}

export type Overlay =
  | { readonly kind: 'share'; readonly selected: number }
  | {
      readonly kind: 'picker'
      readonly purpose: 'join' | 'resume'
      /** What was typed: searched in the entries, and taken as an id when it is one. */
      readonly query: string
      /** Null while they are being read. */
      readonly entries: readonly PickerEntry[] | null
      readonly selected: number
      /** Why the list may not be all there is, in several lines. */
      readonly problem: string | null
    }
  | {
      readonly kind: 'busy'
      readonly prompt: string
      readonly turn: ActiveTurn | null
      readonly selected: number
    }

/** The entries that the query leaves, in their order. */
export function matchingEntries(overlay: Extract<Overlay, { kind: 'picker' }>): readonly PickerEntry[] {
  const words = overlay.query.toLowerCase().split(/\s+/).filter(Boolean)
  return (overlay.entries ?? []).filter((entry) => {
    const text = `${entry.threadId} ${entry.title} ${entry.details}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

/** Moves the selection; it stops at both ends. */
export function moveSelection(overlay: Overlay, step: number): Overlay {
  const selected = Math.max(0, Math.min(overlay.selected + step, countOf(overlay) - 1))
  return { ...overlay, selected }
}

function countOf(overlay: Overlay): number {
  if (overlay.kind === 'share') return shareActions.length
  return overlay.kind === 'busy' ? busyChoices.length : matchingEntries(overlay).length
}
