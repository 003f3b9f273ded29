/** The settings of a thread as Codex tells them, in its answers and in its notifications, in one form. */
import * as v from 'valibot'

const sandboxSchema = v.variant('type', [
  v.looseObject({ type: v.literal('readOnly'), networkAccess: v.optional(v.boolean(), false) }),
  v.looseObject({
    type: v.literal('workspaceWrite'),
    writableRoots: v.optional(v.array(v.string()), []),
    networkAccess: v.optional(v.boolean(), false),
    excludeTmpdirEnvVar: v.optional(v.boolean(), false),
    excludeSlashTmp: v.optional(v.boolean(), false),
  }),
  v.looseObject({ type: v.literal('externalSandbox') }),
  v.looseObject({ type: v.literal('dangerFullAccess') }),
])
export type Sandbox = v.InferOutput<typeof sandboxSchema>

/** A word (`on-request`), or an object for the policy that is put together by hand. */
const approvalsSchema = v.union([v.string(), v.record(v.string(), v.unknown())])
export type ApprovalPolicy = v.InferOutput<typeof approvalsSchema>

const environmentsSchema = v.nullish(
  v.array(
    v.looseObject({
      environmentId: v.string(),
      cwd: v.string(),
      runtimeWorkspaceRoots: v.nullish(v.array(v.string())),
    }),
  ),
)

const common = {
  approvalPolicy: approvalsSchema,
  approvalsReviewer: v.optional(v.string(), 'user'),
  cwd: v.string(),
  activePermissionProfile: v.nullish(v.looseObject({ id: v.string() })),
  model: v.nullish(v.string(), null),
  modelProvider: v.nullish(v.string(), null),
  serviceTier: v.nullish(v.string(), null),
}

const answerSchema = v.looseObject({
  ...common,
  sandbox: sandboxSchema,
  reasoningEffort: v.nullish(v.string(), null),
  runtimeWorkspaceRoots: v.nullish(v.array(v.string())),
})

const notificationSchema = v.looseObject({
  ...common,
  sandboxPolicy: sandboxSchema,
  effort: v.nullish(v.string(), null),
  environments: environmentsSchema,
})

export interface ThreadSettings {
  readonly approvalPolicy: ApprovalPolicy
  readonly approvalsReviewer: string
  readonly sandbox: Sandbox
  readonly cwd: string
  /** Folders besides `cwd` that commands work in. */
  readonly roots: readonly string[]
  /** The named permission profile that the sandbox is from, or null. */
  readonly permissions: string | null
  readonly model: string | null
  readonly modelProvider: string | null
  readonly serviceTier: string | null
  readonly effort: string | null
}

/** Out of a result of `thread/start`, `thread/resume` or `thread/fork`; undefined where it is in a form that is not known here. */
export function settingsInAnswer(result: unknown): ThreadSettings | undefined {
  const { success, output } = v.safeParse(answerSchema, result)
  if (!success) return undefined
  const { sandbox, reasoningEffort, runtimeWorkspaceRoots, ...rest } = output
  return { ...commonOf(rest), sandbox, roots: runtimeWorkspaceRoots ?? [], effort: reasoningEffort }
}

/** Out of the `threadSettings` of a `thread/settings/updated`. */
export function settingsInNotification(threadSettings: unknown): ThreadSettings | undefined {
  const { success, output } = v.safeParse(notificationSchema, threadSettings)
  if (!success) return undefined
  const { sandboxPolicy, effort, environments, ...rest } = output
  const roots = (environments ?? []).flatMap(({ cwd, runtimeWorkspaceRoots }) => runtimeWorkspaceRoots ?? [cwd])
  return { ...commonOf(rest), sandbox: sandboxPolicy, roots, effort }
}

type Common = Pick<v.InferOutput<typeof notificationSchema>, keyof typeof common>

function commonOf({ approvalPolicy, approvalsReviewer, cwd, activePermissionProfile, ...rest }: Common) {
  const { model, modelProvider, serviceTier } = rest
  const permissions = activePermissionProfile?.id ?? null
  return { approvalPolicy, approvalsReviewer, cwd, permissions, model, modelProvider, serviceTier }
}

/** A sandbox that a request asks for; undefined for one that is not known here. */
export function readSandbox(value: unknown): Sandbox | undefined {
  const { success, output } = v.safeParse(sandboxSchema, value)
  return success ? output : undefined
}

/** The folders that a request asks for as `environments`; undefined where it is in a form that is not known here. */
export function readEnvironments(value: unknown) {
  const { success, output } = v.safeParse(environmentsSchema, value)
  return success ? (output ?? []) : undefined
}
