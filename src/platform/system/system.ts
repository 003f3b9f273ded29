/** The differences between the systems that codex-share runs on. There is a value for each; nobody else asks which one this is. */
import type { Socket } from 'node:net'

export type ManagerKind = 'systemd' | 'launchd'

export interface System {
  readonly name: NodeJS.Platform
  /** Keeps services for a user; null where we know of none. */
  readonly manager: ManagerKind | null
  /** Bytes that the path of a socket may have, its closing NUL not counted: Node cuts longer ones silently. */
  readonly socketPathLimit: number
  /** Whether the XDG variables move our folders. */
  readonly hasXdgFolders: boolean
  /** Whether a daemon that cannot take more connections just now looks like one that does not listen. */
  readonly refusesWhenCrowded: boolean

  /** Changes with every start of the machine; undefined where the system does not say. */
  bootId(): string | undefined
  /**
   * Names one run of one process: a pid is given out again, but never with the same token. Undefined when no process has the pid. A
   * zombie has ended, whether its parent noticed or not.
   */
  startTokenOf(pid: number): Promise<string | undefined>
  /** The folder that the process runs in; undefined when it has ended or may not be looked at. */
  folderOf(pid: number): Promise<string | undefined>
  /** What the process was started with; undefined when it has ended, may not be looked at, or the system does not show it. */
  environmentOf(pid: number): Promise<Readonly<Record<string, string>> | undefined>
  /** What the process uses of the machine; undefined where the system does not show it. */
  usageOf(pid: number): Promise<ProcessUsage | undefined>
  /** A process of the user's that has a file open whose path contains the text. */
  processWithFile(text: string): Promise<ProcessWithFile | undefined>
  /**
   * Whether the process is a person's own UI: in the foreground of a terminal, and reading it key by key. A script has no terminal, or
   * leaves it in line mode; a job in the background of a shell that reads key by key is not in the foreground.
   */
  isPersonAtTerminal(pid: number): Promise<boolean>
  /**
   * The process that connected, as the kernel recorded it at that moment. Undefined when the socket is closed, or the kernel says nothing.
   *
   * @throws Error when the library that asks it has no binary for this system
   */
  peerOf(socket: Socket): SocketPeer | undefined
  /** How many descriptors this process may have open; undefined where the system does not say, or has no limit. */
  descriptorLimit(): number | undefined
  /** Whether this process is confined. */
  isConfinedHere(): boolean
}

export interface ProcessWithFile {
  readonly pid: number
  /** Its command line. */
  readonly command: string
}

export interface ProcessUsage {
  /** In memory. */
  readonly residentBytes: number
  /** `most` is null where there is no limit. */
  readonly descriptors: { readonly open: number; readonly most: number | null }
}

export interface SocketPeer {
  readonly uid: number
  /** 0 where the process is not visible from here. */
  readonly pid: number
  /** Whether Codex's sandbox confines it; undefined when that cannot be seen. */
  isConfined(): boolean | undefined
  /**
   * Whether it still runs: what was read about its pid before is about that very process then, and not about another that was given the
   * pid since. Undefined where the kernel does not know.
   */
  stillRuns(): boolean | undefined
}
