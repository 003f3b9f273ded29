/** The commands that a key can give beyond a change of the state: the effects carry them out. */
import type { JsonObject } from '../../protocol/json/read-json.ts'
import type { BusyChoice, ShareAction } from '../state/overlay.ts'

export type UiCommand =
  | { readonly do: 'submit'; readonly text: string }
  | { readonly do: 'share'; readonly action: ShareAction }
  /** A thread from a picker, or what was typed into it. */
  | { readonly do: 'pick'; readonly purpose: 'join' | 'resume'; readonly reference: string; readonly shared: boolean }
  | { readonly do: 'busy'; readonly choice: BusyChoice }
  /** To the first approval. */
  | { readonly do: 'answer'; readonly answer: JsonObject }
  | { readonly do: 'interrupt' }
  | { readonly do: 'stopWaiting' }
  | { readonly do: 'giveUp' }
  | { readonly do: 'new' }
  | { readonly do: 'openPicker'; readonly purpose: 'join' | 'resume' }
  | { readonly do: 'who' }
  | { readonly do: 'history' }
  | { readonly do: 'help' }
  | { readonly do: 'editor' }
  | { readonly do: 'quit' }
