/** Holds the state: what a person does is seen at once, what a thread sends is gathered and taken in once a frame. */
import type { ShareEvent } from '../../protocol/events.ts'
import { reduceUi } from './reduce-ui.ts'
import type { UiAction } from './ui-action.ts'
import type { UiState } from './ui-state.ts'

export interface UiStore {
  readonly state: UiState
  dispatch(action: UiAction): void
  /** Takes events in with the next frame. */
  queue(events: readonly ShareEvent[]): void
  /** Takes in what is queued, now. */
  flush(): void
  /** Calls back after every change, until the returned function is called. */
  subscribe(onChange: () => void): () => void
}

/** Two thousand deltas a second become thirty changes. */
const frameMs = 33

export function createStore(initial: UiState): UiStore {
  let state = initial
  let queued: ShareEvent[] = []
  let timer: NodeJS.Timeout | undefined
  const listeners = new Set<() => void>()
  const apply = (action: UiAction) => {
    const next = reduceUi(state, action)
    if (next === state) return
    state = next
    for (const listener of listeners) listener()
  }
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const events = queued
    queued = []
    if (events.length > 0) apply({ type: 'events', events })
  }
  return {
    get state() {
      return state
    },
    dispatch: (action) => {
      // Whatever refers to the thread must find it as it is by now; keys need not wait for that.
      if (action.type !== 'edit' && action.type !== 'printed' && action.type !== 'tick') flush()
      apply(action)
    },
    queue: (events) => {
      for (const event of events) queued.push(event)
      timer ??= setTimeout(flush, frameMs)
    },
    flush,
    subscribe: (onChange) => {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
  }
}
