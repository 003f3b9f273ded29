/** The script of an offline model: which steps it answers a turn with. */

/** One thing the model does in its answer; a request is answered by a list of them. */
export type ModelStep =
  | {
      readonly say: string
      readonly chunks?: number
      readonly everyMs?: number
      /** Waits before each further chunk: for the gates `NAME 1`, `NAME 2`, … */
      readonly holdBetween?: string
      readonly thenHold?: string
    }
  /** Runs a command; with `outsideSandbox` Codex asks a person first, where its approval policy is `on-request`. */
  | { readonly run: string; readonly outsideSandbox?: boolean }
  /** Calls any other tool that Codex offers; those of a tool server are in the namespace `mcp__SERVER`. */
  | { readonly call: string; readonly namespace?: string; readonly with: object }
  | { readonly pauseMs: number }
  | { readonly hold: string }
  | { readonly fail: string }

/** What the script decides on: the newest prompt and, after a command was run, its output. */
export interface ModelTurn {
  readonly prompt: string
  readonly toolOutput?: string
}

export type ModelScript = (turn: ModelTurn) => readonly ModelStep[]
