/** The status of the daemon and of all that it keeps, as it travels. */
import * as v from 'valibot'

/**
 * API keys by name, and instead of each key what HMAC-SHA256 makes of it with a salt of its own; `digest` is null for one that is not set.
 */
export const keyDigestsSchema = v.object({
  salt: v.string(),
  keys: v.array(v.object({ name: v.string(), digest: v.nullable(v.string()) })),
})
export type KeyDigests = v.InferOutput<typeof keyDigestsSchema>

/**
 * Something of ours in the folder that a shared thread works in, where its agent may replace it.
 *
 * `what` is `settings`, `sockets`, `ledger`, `logs`, `units`, `codex` or `program`.
 */
const exposedSchema = v.object({
  what: v.string(),
  path: v.string(),
  threadId: v.string(),
  folder: v.string(),
})
export type Exposed = v.InferOutput<typeof exposedSchema>

/**
 * Whether a plain `codex` comes through the daemon. `path` is where it looks for its background server. `holder` is the pid of who listens
 * there, null where nobody does or the kernel does not say; `problem` why the place is free and not taken.
 */
export const adoptionSchema = v.object({
  path: v.string(),
  state: v.picklist(['off', 'listening', 'waiting', 'foreign']),
  holder: v.nullable(v.number()),
  problem: v.nullable(v.string()),
})
export type AdoptionStatus = v.InferOutput<typeof adoptionSchema>

/** The result of `share/status`. Bytes for sizes, RFC 3339 for times. */
export const statusSchema = v.object({
  daemon: v.object({
    version: v.string(),
    pid: v.number(),
    startedAt: v.string(),
    /** As in a process record; it and `pid` are one process in all namespaces of a machine. */
    startToken: v.optional(v.string()),
    node: v.string(),
    endpoint: v.string(),
    runtimeDir: v.string(),
    programChanged: v.boolean(),
  }),
  appServer: v.object({
    state: v.picklist(['connecting', 'ready', 'restarting', 'degraded', 'draining']),
    version: v.nullable(v.string()),
    /** Of the Codex that would be started now; null where none can be. */
    installed: v.optional(v.nullable(v.string())),
    pid: v.nullable(v.number()),
    binary: v.nullable(v.string()),
    codexHome: v.nullable(v.string()),
    account: v.nullable(v.string()),
    problem: v.nullable(v.string()),
    startedAt: v.optional(v.nullable(v.string())),
    /** Its API keys when it was started, null where a service manager started it: never a key, but what HMAC-SHA256 makes of it. */
    keys: v.optional(v.nullable(keyDigestsSchema)),
    /** What it has in memory, without what is on disk; null where the system does not say. */
    residentBytes: v.optional(v.nullable(v.number())),
    /** Files and sockets that it has open, and may have. */
    descriptors: v.optional(v.nullable(v.object({ open: v.number(), most: v.nullable(v.number()) }))),
  }),
  adoption: v.optional(adoptionSchema),
  ledger: v.object({
    file: v.string(),
    bytes: v.number(),
    /** That stay: the pieces of an answer are not counted, since they go when it is complete. */
    events: v.number(),
    threads: v.number(),
    problem: v.nullable(v.string()),
    /**
     * Whether every page was read: due after a crash of the machine. `at` is when it was last done, `why` what was found or keeps it
     * waiting.
     */
    checked: v.optional(
      v.object({
        state: v.picklist(['none', 'due', 'running', 'whole', 'damaged']),
        at: v.nullable(v.string()),
        why: v.nullable(v.string()),
      }),
    ),
  }),
  peers: v.number(),
  /** Why a socket refused connections lately; null where none was. */
  connectionProblem: v.optional(v.nullable(v.string())),
  activeTurns: v.number(),
  logFile: v.nullable(v.string()),
  /**
   * `refused`: names of settings in the file that are not used, as an agent could have written them; `problem` says why, and what to do.
   */
  settings: v.optional(v.object({ file: v.string(), refused: v.array(v.string()), problem: v.nullable(v.string()) })),
  exposed: v.optional(v.array(exposedSchema)),
})
export type DaemonStatus = v.InferOutput<typeof statusSchema>
