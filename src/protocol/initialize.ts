/** The handshake of a peer: our part of `initialize`; the rest of its parameters are Codex's own. */
import * as v from 'valibot'
import { faultOfName, longestLabel, nearestName, ruleOfName } from './text/printable-name.ts'

/** How a peer is shown to the others. */
const labelSchema = v.pipe(
  v.string(),
  v.check(
    (label) => faultOfName(label, longestLabel) === undefined,
    ({ input }) => `a label is ${ruleOfName(longestLabel)}: ${faultOfName(input, longestLabel)}`,
  ),
)
/** A program's own name stands for a label that is missing. Nobody chose it for that, so it is made fit rather than refused. */
const programName = v.pipe(
  v.string(),
  v.transform((name) => nearestName(name, longestLabel) || 'unknown'),
)

const versionSpan = v.object({ min: v.number(), max: v.number() })

export const initializeMethod = {
  params: v.looseObject({
    clientInfo: v.looseObject({ name: programName, version: v.string() }),
    share: v.object({
      protocol: versionSpan,
      kind: v.picklist(['ui', 'script', 'codex', 'ssh']),
      label: v.optional(labelSchema),
      pid: v.optional(v.number()),
      readOnly: v.optional(v.boolean()),
      /** Whether this peer gets approvals and may answer them; a UI is unless it says no, others only when they say yes. */
      answers: v.optional(v.boolean()),
      /** The caller's CODEX_HOME as a real path: with another than the daemon's, it reads and does not act. */
      codexHome: v.optional(v.string()),
    }),
  }),
  result: v.looseObject({
    userAgent: v.string(),
    share: v.object({
      protocol: v.number(),
      version: v.string(),
      pid: v.number(),
      peerId: v.string(),
      endpoint: v.string(),
      runtimeDir: v.string(),
      dataDir: v.string(),
      codexHome: v.optional(v.string()),
    }),
  }),
} as const
