/** The finished parts of a transcript, as data: each is written to the terminal once and never changes. */
import type { CommandFacts, FileChangeFacts } from '../../../render/items/read-item.ts'
import type { StepsFacts } from '../../../render/reading/readable-event.ts'
import type { Look } from '../../../render/terminal/theme.ts'
import type { TurnEnd } from '../../../render/text/text-blocks.ts'

export type SpeechKind = 'answer' | 'reasoning' | 'plan'

export type BlockBody =
  /** The head of a session: what one works with from here on. */
  | { readonly kind: 'session'; readonly facts: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: 'prompt'; readonly who: string; readonly own: boolean; readonly at: string; readonly text: string }
  /** A part of an answer; `first` begins it. */
  | { readonly kind: 'speech'; readonly speech: SpeechKind; readonly first: boolean; readonly text: string }
  | { readonly kind: 'command'; readonly facts: CommandFacts }
  | { readonly kind: 'change'; readonly change: FileChangeFacts; readonly status: string }
  | ({ readonly kind: 'steps' } & StepsFacts)
  | { readonly kind: 'notice'; readonly look: Look; readonly text: string }
  /** Readable text of several lines that is shown as it is. */
  | { readonly kind: 'page'; readonly title: string; readonly lines: readonly string[] }
  /** All that Codex asks, for somebody who decides; the lines are safe, and are what others wrote. */
  | { readonly kind: 'question'; readonly title: string; readonly lines: readonly string[] }
  | ({ readonly kind: 'turnEnd' } & TurnEnd)

/** `key` counts up through the life of the program, over all threads. */
export type Block = BlockBody & { readonly key: number }
