/** The first exchange on a connection: who we are, which protocol version both speak, and whether it is the daemon we meant. */
import { codexHomeOf } from '../../platform/places/codex-home.ts'
import { isSamePlace } from '../../platform/places/same-place.ts'
import { isShareError, ShareError } from '../../protocol/errors.ts'
import type { MethodResult } from '../../protocol/methods.ts'
import type { OtherHome } from '../../protocol/other-home.ts'
import { agreeOnProtocol, programVersion, protocolVersions } from '../../protocol/version.ts'
import type { DaemonClient } from './daemon-client.ts'
import type { Endpoint } from './endpoint.ts'

/** How this connection is shown to the others on a thread. */
export interface Identity {
  readonly kind: 'ui' | 'script'
  /** A person or a script; from `--as`. */
  readonly label: string
  readonly readOnly?: boolean
  /** Whether it gets approvals and may answer them; without it only a UI is. */
  readonly answers?: boolean
}

export interface HandshakeOptions {
  readonly identity: Identity
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export type Hello = MethodResult<'initialize'>['share']

/**
 * Says `initialize` and checks the answer.
 *
 * @throws ShareError `versionMismatch`; `unavailable` when another daemon than the environment's own answers
 */
export async function shakeHands(client: DaemonClient, endpoint: Endpoint, options: HandshakeOptions): Promise<Hello> {
  const { identity, timeoutMs, signal } = options
  // On another machine pid and home are somebody else's.
  const ours = endpoint.kind === 'ssh' ? {} : { pid: process.pid, codexHome: codexHomeOf(process.env) }
  const { share } = await client
    .call(
      'initialize',
      {
        clientInfo: { name: 'codex-share', title: 'codex-share', version: programVersion },
        capabilities: { experimentalApi: true, requestAttestation: false },
        share: { protocol: protocolVersions, ...ours, ...identity },
      },
      { timeoutMs, ...(signal ? { signal } : {}) },
    )
    .catch((error: unknown) => {
      throw withFittingHint(error)
    })
  refuseOtherVersion(share, client.endpoint)
  refuseOtherPlace(share, endpoint)
  client.notify('initialized', {})
  return share
}

/** Undefined where both mean the same CODEX_HOME, or the daemon does not say. */
export function otherHomeOf({ codexHome: daemon }: Hello, endpoint: Endpoint): OtherHome | undefined {
  const caller = endpoint.kind === 'ssh' ? daemon : codexHomeOf(process.env)
  return daemon === undefined || caller === undefined || caller === daemon ? undefined : { caller, daemon }
}

const updateHint = 'Update codex-share here, or use the newer one that started the daemon.'
const restartHint = 'Run `codex-share daemon restart`, which puts this newer program in its place.'

/** The daemon refused our version: what to do depends on which of the two is older. */
function withFittingHint(error: unknown): unknown {
  if (!isShareError(error, 'versionMismatch')) return error
  const { message, facts } = error
  return new ShareError('versionMismatch', message, {
    facts,
    cause: error,
    hint: facts.older === 'client' ? updateHint : restartHint,
  })
}

function refuseOtherVersion({ protocol, version }: Hello, endpoint: string): void {
  if (agreeOnProtocol({ min: protocol, max: protocol }) !== undefined) return
  const [mine, its] = [`this program (${programVersion})`, `the daemon at ${endpoint} (${version})`]
  const daemonIsNewer = protocol > protocolVersions.max
  throw new ShareError(
    'versionMismatch',
    `${daemonIsNewer ? mine : its} is older than ${daemonIsNewer ? its : mine}: they have no protocol version in common`,
    {
      facts: { endpoint, protocol, program: protocolVersions },
      hint: daemonIsNewer ? updateHint : restartHint,
    },
  )
}

/** One daemon serves every environment of the user's that means its runtime folder, or its ledger; another's files lie elsewhere. */
function refuseOtherPlace({ runtimeDir, dataDir }: Hello, endpoint: Endpoint): void {
  if (endpoint.kind !== 'own') return
  const { places } = endpoint
  if (isSamePlace(runtimeDir, places.runtimeDir) || isSamePlace(dataDir, places.dataDir)) return
  throw new ShareError(
    'unavailable',
    `the daemon at ${endpoint.path} works in ${runtimeDir} and keeps its ledger in ${dataDir}, but this environment means ${places.runtimeDir} and ${places.dataDir}`,
    {
      facts: { endpoint: endpoint.path, runtimeDir, dataDir },
      hint: 'Set CODEX_SHARE_RUNTIME_DIR to the same folder for both, or end that daemon with `codex-share daemon stop`.',
    },
  )
}
