/** Everything that a soak records, for the checks afterwards. Times are milliseconds since 1970 by the clock of the soak itself. */

/** What became of one try to submit a prompt, as its caller heard it. */
export type Outcome =
  | { readonly is: 'acknowledged'; readonly turnId: string | null; readonly duplicate: boolean | null }
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'unknown'; readonly why: string }

export interface Attempt {
  /** `post 1`, `socket 2`, …: also the label that the ledger has as the author. */
  readonly actor: string
  /** `private`: typed in a thread that may not have been shared yet, so that Codex alone knew of it. */
  readonly kind: 'command' | 'socket' | 'stock' | 'ui' | 'private'
  readonly threadId: string
  readonly prompt: string
  /** Null where the caller gives none. */
  readonly requestId: string | null
  readonly startedMs: number
  readonly endedMs: number
  readonly outcome: Outcome
  /** Of a command that waited for the end of its turn; null when it was killed. */
  readonly exitCode?: number | null
  /** What such a command wrote to stdout as text. */
  readonly shown?: string
}

/** An event as one line of JSON, and the members that the checks read. */
export interface SeenEvent {
  readonly id: number
  readonly threadId: string
  readonly turnId: string | null
  readonly at: string
  readonly method: string
  readonly params: EventParams
  readonly by: { readonly label: string; readonly kind: string } | null
}

export interface EventParams {
  readonly item?: ThreadItem
  readonly turn?: { readonly id: string; readonly status: string }
  readonly itemId?: string
  readonly itemIds?: readonly string[]
  readonly delta?: string
}

interface ThreadItem {
  readonly id: string
  readonly type: string
  readonly text?: string
  readonly clientId?: string | null
  readonly content?: readonly { readonly text?: string }[]
}

/** Events of one thread in the order in which somebody got them, from behind the cursor `after`. */
export interface Observation {
  readonly who: string
  readonly threadId: string
  readonly after: number
  /** A follower gets what comes; a page is a part of the ledger as it was at that moment. */
  readonly kind: 'follower' | 'page'
  readonly events: readonly SeenEvent[]
  /** Lines that are no events, such as gaps, and when they came. */
  readonly others: readonly { readonly atMs: number; readonly line: string }[]
}

export interface FaultRecord {
  readonly what: string
  readonly startedMs: number
  readonly endedMs: number
}

/** A prompt as Codex's own record of the thread has it. */
export interface StoredPrompt {
  readonly threadId: string
  readonly text: string
}

/** One look at the processes of the home. */
export interface Sample {
  readonly atMs: number
  readonly daemons: readonly ProcessSample[]
  readonly appServers: readonly number[]
}

export interface ProcessSample {
  readonly pid: number
  /** In a long run a pid comes to be another process's. */
  readonly startToken: string
  readonly residentKiB: number
  readonly descriptors: number
}

export interface History {
  readonly attempts: readonly Attempt[]
  readonly faults: readonly FaultRecord[]
  readonly observations: readonly Observation[]
  /** What clients of Codex's own wire heard: the text of each item that was complete. */
  readonly stockItems: readonly {
    readonly who: string
    readonly threadId: string
    readonly itemId: string
    readonly text: string
  }[]
  /** The whole ledger at the end, thread by thread. */
  readonly ledger: ReadonlyMap<string, readonly SeenEvent[]>
  readonly storedPrompts: readonly StoredPrompt[]
  /** How often the model was asked each prompt. */
  readonly asked: ReadonlyMap<string, number>
}

/** A promise that was broken, and what to look for in the history. */
export interface Violation {
  readonly promise: string
  readonly threadId?: string
  readonly turnId?: string
  readonly prompt?: string
  /** Ids of events in the thread. */
  readonly around?: readonly number[]
}
