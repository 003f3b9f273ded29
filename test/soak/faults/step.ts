/** Which steps there are: a system call of a kind, in a thread of a process, and what can happen to it. */
import type { FaultEffect } from '../../support/system/strace.ts'

/** Whose call it is. `former` is the daemon that runs already when the scene begins. */
export type Role = 'command' | 'daemon' | 'former'
/** `main` runs the program and SQLite, `pool` what Node does to files in the background. */
export type ThreadKind = 'main' | 'pool'

export interface Actor {
  readonly role: Role
  readonly thread: ThreadKind
}

export interface Step extends Actor {
  readonly call: string
  readonly effect: FaultEffect
  /** From 1. */
  readonly at: number
}

interface CallKind {
  readonly effects: readonly FaultEffect[]
  /** Only calls on our own files: others of the name are on pipes, sockets and the program's own code. */
  readonly ownFiles?: true
  /** Made again and again while something is waited for: the same call on the same thing is one step. */
  readonly polls?: true
}

export const callKinds: Readonly<Record<string, CallKind>> = {
  pwrite64: { effects: ['ENOSPC', 'EIO', 'SIGKILL'] },
  write: { effects: ['ENOSPC', 'EIO', 'SIGKILL'], ownFiles: true },
  fsync: { effects: ['EIO', 'SIGKILL'] },
  fdatasync: { effects: ['EIO', 'SIGKILL'] },
  ftruncate: { effects: ['EIO', 'SIGKILL'] },
  openat: { effects: ['ENOSPC', 'EMFILE', 'EACCES', 'SIGKILL'], ownFiles: true },
  rename: { effects: ['ENOSPC', 'EACCES', 'SIGKILL'] },
  unlink: { effects: ['EACCES', 'EIO', 'SIGKILL'] },
  mkdir: { effects: ['ENOSPC', 'EACCES', 'SIGKILL'] },
  rmdir: { effects: ['EACCES', 'SIGKILL'] },
  socket: { effects: ['EMFILE'], polls: true },
  connect: { effects: ['EACCES', 'SIGKILL'], polls: true },
  bind: { effects: ['EACCES', 'ENOSPC', 'SIGKILL'], polls: true },
}

export function nameOfStep({ role, thread, call, effect, at }: Step): string {
  return `${role} ${thread} ${call} ${at} ${effect}`
}
