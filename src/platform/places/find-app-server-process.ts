/** Finds the app-server that runs for a user's daemons: by its record, else by its command line. */
import { sessionLeaderWith } from '../processes/process-list.ts'
import { describeProcess, type ProcessRecord, readLiveRecord } from '../processes/process-record.ts'
import type { Places } from './resolve-places.ts'

/** How an app-server is started that is to listen at the path. */
export function listenArguments(socketPath: string): string[] {
  return ['app-server', '--listen', `unix://${socketPath}`]
}

/** The record is missing where the disk was full, or an older daemon kept it in a folder that is gone. */
export async function findAppServerProcess({
  appServerRecord,
  appServerSocket,
}: Places): Promise<ProcessRecord | undefined> {
  const record = await readLiveRecord(appServerRecord)
  if (record) return record
  const pid = await sessionLeaderWith(listenArguments(appServerSocket))
  return pid === undefined ? undefined : describeProcess({ pid, version: 'unknown' }).catch(() => undefined) // It has ended.
}
