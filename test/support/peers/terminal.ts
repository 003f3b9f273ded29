/** A real terminal (tmux) with a program in it: keys go in, and what is on the screen comes out as text. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scratch } from '../scratch.ts'
import { eventually } from '../waiting/eventually.ts'
import { signalIfThere } from '../waiting/signal-if-there.ts'

export interface TerminalOptions {
  readonly home: Pick<Scratch, 'dir' | 'env'>
  readonly args?: readonly string[]
  /** The program to run; `codex-share` unless told. */
  readonly command?: readonly string[]
  /** Where it runs; the home unless told. */
  readonly cwd?: string
  readonly columns?: number
  readonly rows?: number
  readonly env?: NodeJS.ProcessEnv
}

export interface TestTerminal {
  /** Types text as it is. */
  type(text: string): void
  /** Presses keys by tmux's names: `Enter`, `Escape`, `C-c`, `Down`. */
  press(...keys: string[]): void
  /** Pastes as a person does. */
  paste(text: string): void
  /** What is visible now. */
  screen(): string
  /** The same with its escape sequences. */
  painted(): string
  /** All that was written, with what has scrolled away; lines that tmux wrapped are joined. */
  all(): string
  /** Waits until the screen shows it, and returns the screen, of which what lies below may not be drawn yet. */
  shows(what: string | RegExp, timeoutMs?: number): Promise<string>
  /** Waits until all that was written has it: a program may have ended before its last words are on the screen. */
  wrote(what: string | RegExp): Promise<void>
  /** Waits until the screen shows it no longer. */
  hides(what: string | RegExp): Promise<string>
  resize(columns: number, rows: number): void
  /** Pid of the program. */
  pid(): number
  /** Pid of the terminal itself. */
  terminalPid(): number
  /** Waits for the program's end and returns its exit code. */
  exitCode(): Promise<number>
  /** Ends tmux and what is in it. */
  close(): void
}

/** tmux does not always notice that its child has ended; the kernel keeps the exit code for it. Undefined while it runs. */
function exitCodeOfZombie(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? String(Number(fields.at(-1)) >> 8) : undefined
  } catch {
    return undefined // Noticed after all, or a system without /proc: tmux itself is asked again.
  }
}

const ownProgram = [process.execPath, join(import.meta.dirname, '../../../bin/run.js')]

/** Starts `codex-share`, or another program, with these arguments; the terminal stays when it ends, so that its last words can be read. */
export function openTerminal(options: TerminalOptions): TestTerminal {
  const { home, args = [], command: program = ownProgram, cwd = home.dir, columns = 100, rows = 30, env = {} } = options
  const server = `codex-share-test-${randomBytes(4).toString('hex')}`
  const environment: NodeJS.ProcessEnv = {
    ...home.env,
    TERM: 'xterm-256color',
    // Its socket goes with the home.
    TMUX_TMPDIR: home.dir,
    SHELL: '/bin/sh',
    TMUX: undefined,
    ...env,
  }
  const tmux = (...words: string[]) =>
    execFileSync('tmux', ['-L', server, ...words], { encoding: 'utf8', env: environment })
  const set = [
    'set',
    '-g',
    'remain-on-exit',
    'on',
    ';',
    'set',
    '-g',
    'history-limit',
    '20000',
    ';',
    'set',
    '-g',
    'status',
    'off',
    ';',
  ]
  const command = ['new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', cwd, '--', ...program, ...args]
  tmux('-f', '/dev/null', 'start-server', ';', ...set, ...command)
  const format = (what: string) => tmux('display-message', '-p', what).trim()
  const screen = () => tmux('capture-pane', '-p').replace(/\n+$/, '\n')
  const has = (text: string, what: string | RegExp) =>
    typeof what === 'string' ? text.includes(what) : what.test(text)
  const all = () => tmux('capture-pane', '-p', '-J', '-S', '-')
  const until = async (goal: string, look: () => string, isIt: (text: string) => boolean, timeoutMs?: number) => {
    let last = ''
    try {
      await eventually(
        goal,
        () => {
          last = look()
          return isIt(last)
        },
        timeoutMs,
      )
      return last
    } catch (error) {
      throw new Error(`${String(error)}\n${last}`)
    }
  }
  return {
    type: (text) => void tmux('send-keys', '-l', '--', text),
    press: (...keys) => void tmux('send-keys', ...keys),
    paste: (text) => {
      execFileSync('tmux', ['-L', server, 'load-buffer', '-'], { input: text, env: environment })
      tmux('paste-buffer', '-p')
    },
    screen,
    painted: () => tmux('capture-pane', '-p', '-e'),
    all,
    shows: (what, timeoutMs = 20_000) =>
      until(`the screen shows ${what}`, screen, (text) => has(text, what), timeoutMs),
    wrote: async (what) => void (await until(`it wrote ${what}`, all, (text) => has(text, what))),
    hides: (what) => until(`the screen no longer shows ${what}`, screen, (text) => !has(text, what)),
    resize: (width, height) => void tmux('resize-window', '-x', String(width), '-y', String(height)),
    pid: () => Number(format('#{pane_pid}')),
    terminalPid: () => Number(format('#{pid}')),
    exitCode: async () =>
      Number(
        await eventually(
          'the program ends',
          () => format('#{pane_dead_status}') || exitCodeOfZombie(Number(format('#{pane_pid}'))),
        ),
      ),
    close: () => {
      const pid = format('#{pane_pid}')
      const dead = format('#{pane_dead}') === '1'
      if (!dead) signalIfThere(Number(pid), 'SIGKILL')
      tmux('kill-server')
    },
  }
}
