/** A home with the scripted model for tests of the terminal UI: terminals, the built command line, and the daemon that they start. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { readLiveRecord } from '../../../src/platform/processes/process-record.ts'
import { openTerminal, type TerminalOptions, type TestTerminal } from '../peers/terminal.ts'
import { eventually } from '../waiting/eventually.ts'
import { signalIfThere } from '../waiting/signal-if-there.ts'
import { makeSite, type TestSite } from './daemon-process.ts'
import { startHalfDaemon } from './half-daemon.ts'

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface TuiSite extends TestSite {
  /** Opens the UI. */
  open(options?: Omit<TerminalOptions, 'home'>): TestTerminal
  /** Runs the built command line to its end. */
  run(...args: string[]): Promise<CommandResult>
  /** The file in which UIs remember where they were. */
  savedUi(): Promise<string>
  /** A socket on which a daemon answers that is well until it is to open a thread. */
  halfDaemon(): Promise<string>
  /** Pid of the daemon that runs now. */
  daemonPid(): Promise<number>
}

const program = join(import.meta.dirname, '../../../bin/run.js')

export async function makeTuiSite(options: Parameters<typeof makeSite>[0] = {}): Promise<TuiSite> {
  const site = await makeSite(options)
  const terminals: TestTerminal[] = []
  const halves: Server[] = []
  const { ownerRecord } = site
  return {
    ...site,
    open: (more = {}) => {
      const terminal = openTerminal({ home: site, ...more })
      terminals.push(terminal)
      return terminal
    },
    run: (...args) =>
      new Promise((resolve) => {
        execFile(process.execPath, [program, ...args], { env: site.env, cwd: site.dir }, (error, stdout, stderr) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr })
        })
      }),
    savedUi: () => readFile(join(site.dir, 'state/codex-share/ui.json'), 'utf8').catch(() => ''),
    halfDaemon: async () => {
      const socket = join(site.runtimeDir, 'half.sock')
      halves.push(await startHalfDaemon(socket))
      return socket
    },
    daemonPid: async () => (await eventually('the daemon runs', () => readLiveRecord(ownerRecord))).pid,
    close: async () => {
      for (const terminal of terminals) terminal.close()
      for (const half of halves) half.close()
      const daemon = await readLiveRecord(ownerRecord)
      if (daemon) signalIfThere(daemon.pid, 'SIGKILL')
      await site.close()
    },
  }
}

/** The id of the thread that the screen's status or notice names. */
export function threadIdOn(screen: string): string {
  const [id] = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/.exec(screen) ?? []
  if (id === undefined) throw new Error(`no thread id on the screen:\n${screen}`)
  return id
}

/** How often a text is in another. */
export function countOf(text: string, what: string): number {
  return text.split(what).length - 1
}
