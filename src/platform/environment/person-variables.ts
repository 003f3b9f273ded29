/** Which variables of a shell make a person's environment: neither secrets, nor what belongs to one terminal, one session or one program. */
import type { Environment } from '../places/resolve-places.ts'

/** Variables by name. */
export type Variables = Readonly<Record<string, string>>

export interface PersonVariables {
  readonly variables: Variables
  /** Names of those that look like secrets, and were not asked for. */
  readonly secrets: readonly string[]
}

const passing = [
  // Of a terminal and of the shell in it.
  /^(TERM|TERM_.*|COLORTERM|COLUMNS|LINES|TMUX|TMUX_.*|STY|WINDOW|WINDOWID|VTE_VERSION|GPG_TTY)$/,
  /^(KITTY|WEZTERM|ALACRITTY|KONSOLE|GNOME_TERMINAL|ITERM|GHOSTTY|VSCODE|LC_TERMINAL|ZELLIJ)(_|$)/,
  /^(PWD|OLDPWD|SHLVL|_|PS[0-4]|PROMPT|PROMPT_COMMAND|HISTFILE|HISTSIZE|BASHOPTS|SHELLOPTS)$/,
  /^BASH_FUNC_/,
  // Of a login, and of what a service manager tells a service.
  /^(SSH_TTY|SSH_CONNECTION|SSH_CLIENT|XDG_SESSION_.*|XDG_VTNR|XDG_SEAT|XDG_RUNTIME_DIR)$/,
  /^(LISTEN_.*|NOTIFY_SOCKET|WATCHDOG_.*|INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_.*|MANAGERPID|MAINPID|CREDENTIALS_DIRECTORY)$/,
  // Of Codex, of this program and of the tools that run it.
  /^(CODEX|RUST|NPM|npm|MEMORY_PRESSURE)(_|$)/,
  /^(INIT_CWD|NODE|NODE_CHANNEL_FD|COLOR|NO_COLOR|FORCE_COLOR)$/,
]

const secretName = /KEY|SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL|COOKIE|(_PWD|_PASS|_PAT|_AUTH)$/i
/** A name and a password in an address. */
const secretValue = /:\/\/[^/\s:@]*:[^/\s@]+@/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they cannot stand in the file that a service manager reads.
const unwritable = /[\u0000-\u001f\u007f]/

/** `wanted` names secrets that are taken all the same. */
export function personVariables(env: Environment, wanted: ReadonlySet<string>): PersonVariables {
  const variables: Record<string, string> = {}
  const secrets: string[] = []
  for (const [name, value] of Object.entries(env).sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (value === undefined || !/^[A-Za-z_]\w*$/.test(name) || unwritable.test(value)) continue
    if (passing.some((pattern) => pattern.test(name)) && !wanted.has(name)) continue
    if (isSecret(name, value) && !wanted.has(name)) secrets.push(name)
    else variables[name] = value
  }
  return { variables, secrets }
}

export function isSecret(name: string, value: string): boolean {
  return secretName.test(name) || secretValue.test(value)
}

/** The variables of a shell that have another value in `base`, or none. */
export function differing(variables: Variables, base: Environment): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([name, value]) => base[name] !== value))
}
