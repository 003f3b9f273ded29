/** Runs every check, one after the other, so that the report has one order. */
import { asShareError } from '../protocol/errors.ts'
import type { Check, DoctorContext } from './check.ts'
import { appServer } from './checks/app-server.ts'
import { brokers } from './checks/brokers.ts'
import { clock } from './checks/clock.ts'
import { codex } from './checks/codex.ts'
import { daemon } from './checks/daemon.ts'
import { disk } from './checks/disk.ts'
import { ledger } from './checks/ledger.ts'
import { leftovers } from './checks/leftovers.ts'
import { login } from './checks/login.ts'
import { node } from './checks/node.ts'
import { otherServers } from './checks/other-servers.ts'
import { service } from './checks/service.ts'
import { sockets } from './checks/sockets.ts'
import { terminal } from './checks/terminal.ts'
import { turns } from './checks/turns.ts'
import { workspaces } from './checks/workspaces.ts'
import type { Finding } from './finding.ts'

export interface CheckResult {
  readonly check: string
  readonly findings: readonly Finding[]
}

const checks: readonly Check[] = [
  ...[node, codex, login, sockets, daemon, appServer, turns, ledger],
  ...[disk, service, otherServers, leftovers, workspaces, brokers, clock, terminal],
]

/** A check that cannot even look is a finding, and no reason to leave out the others. */
export async function runDoctor(context: DoctorContext): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  for (const { name, run } of checks) results.push({ check: name, findings: await lookInto(() => run(context)) })
  return results
}

async function lookInto(run: () => Promise<readonly Finding[]> | readonly Finding[]): Promise<readonly Finding[]> {
  try {
    return await run()
  } catch (error) {
    const { message, hint } = asShareError(error)
    return [
      { level: 'warning', what: `could not be looked at: ${message}`, why: 'Something may be hidden.', fix: hint },
    ]
  }
}
