/**
 * A launchd that is scripted: two domains, labels that can be disabled, an end that takes its time, and agents that it really starts,
 * ends and starts again by their property lists. It says what launchctl(1) says, with its exit codes.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'

interface PropertyList {
  readonly Label: string
  readonly ProgramArguments: readonly string[]
  readonly EnvironmentVariables?: Readonly<Record<string, string>>
  readonly WorkingDirectory?: string
  readonly RunAtLoad?: boolean
  readonly KeepAlive?: boolean | { readonly SuccessfulExit?: boolean }
  readonly ThrottleInterval?: number
  readonly ExitTimeOut?: number
  readonly Umask?: number
  readonly StandardOutPath?: string
  readonly StandardErrorPath?: string
}

interface Job {
  readonly plist: PropertyList
  readonly file: string
  child?: ChildProcess | undefined
  runs: number
  startedMs: number
  lastCode: number | null
  lastSignal: NodeJS.Signals | null
  leaving: boolean
  next?: NodeJS.Timeout | undefined
}

interface Answer {
  readonly code: number
  readonly out?: string
  readonly err?: string
}

const dtd = join(import.meta.dirname, '../../fixtures/plist.dtd')
/** As macOS numbers them. */
const signalNumbers: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGTERM: 15 }

export class ScriptedLaunchd {
  /** Whether somebody is logged in at the screen. */
  gui = true
  /** Every call but `print`, as it was typed. */
  readonly calls: string[] = []
  readonly disabled = new Set<string>()
  /** The folder that `launchctl` is in. */
  readonly bin: string
  /** What `launchctl` needs to find this one. */
  readonly env: Readonly<Record<string, string>>
  private readonly jobs = new Map<string, Job>()
  private readonly server: Server
  private readonly options: LaunchdOptions

  constructor(options: LaunchdOptions) {
    this.options = options
    const { dir } = options
    this.bin = join(dir, 'bin')
    this.env = { LAUNCHD_SOCKET: join(dir, 'launchd.sock') }
    mkdirSync(this.bin, { recursive: true })
    const program = join(this.bin, 'launchctl')
    writeFileSync(program, `#!/bin/sh\nexec perl '${join(import.meta.dirname, 'launchctl.pl')}' "$@"\n`)
    chmodSync(program, 0o755)
    this.server = createServer({ allowHalfOpen: true }, (socket) => {
      let text = ''
      socket.setEncoding('utf8')
      socket.on('error', () => {}) // A caller that was killed.
      socket.on('data', (part: string) => {
        text += part
      })
      socket.on('end', async () => {
        const { code, out = '', err = '' } = await this.answer(text.split('\0'))
        socket.end(`${code}\n${Buffer.byteLength(out)}\n${out}${err && `${err}\n`}`)
      })
    }).listen(this.env.LAUNCHD_SOCKET)
  }

  /** Everything that runs is killed. */
  async close(): Promise<void> {
    for (const job of this.jobs.values()) {
      job.leaving = true
      clearTimeout(job.next)
      kill(job.child, 'SIGKILL')
    }
    this.jobs.clear()
    await new Promise((resolve) => this.server.close(resolve))
  }

  /** Domains in which a label is loaded. */
  domainsOf(label: string): string[] {
    return [...this.jobs.keys()]
      .filter((key) => key.endsWith(`/${label}`))
      .map((key) => key.slice(0, -label.length - 1))
  }

  pidOf(label: string): number | null {
    return this.find(label)?.child?.pid ?? null
  }

  runsOf(label: string): number {
    return this.find(label)?.runs ?? 0
  }

  /** As launchd does by itself at a login. */
  load(domain: string, file: string): void {
    this.bootstrap(domain, file)
  }

  private find(label: string): Job | undefined {
    return [...this.jobs].find(([key]) => key.endsWith(`/${label}`))?.[1]
  }

  private async answer(args: readonly string[]): Promise<Answer> {
    const [verb = '', ...rest] = args
    if (verb !== 'print') this.calls.push(args.join(' '))
    const target = rest.find((arg) => arg.includes('/') && !arg.startsWith('/')) ?? rest[0] ?? ''
    const [kind, uid, label] = target.split('/')
    const domain = `${kind}/${uid}`
    if (!this.domains.includes(domain)) return { code: 112, err: 'Could not find specified domain' }
    const job = label === undefined ? undefined : this.jobs.get(`${domain}/${label}`)
    const unknown = { code: 113, err: `Could not find service "${label}" in domain for user ${kind}: ${uid}` }
    switch (verb) {
      case 'print':
        if (label === undefined) return { code: 0, out: `${domain} = {\n\ttype = user\n}\n` }
        return job ? { code: 0, out: printed(`${domain}/${label}`, job) } : unknown
      case 'bootstrap':
        return this.bootstrap(domain, rest[1] ?? '')
      case 'bootout':
        return job
          ? await this.bootout(`${domain}/${label}`, job)
          : { code: 3, err: 'Boot-out failed: 3: No such process' }
      case 'kickstart':
        if (!job) return unknown
        if (job.child && !rest.includes('-k')) return { code: 37, err: 'Operation already in progress' }
        return await this.kickstart(job)
      case 'kill':
        if (!job) return unknown
        if (!job.child) return { code: 3, err: 'No process to signal.' }
        job.child.kill(rest[0] as NodeJS.Signals)
        return { code: 0 }
      case 'enable':
        this.disabled.delete(label ?? '')
        return { code: 0 }
      case 'disable':
        this.disabled.add(label ?? '')
        return { code: 0 }
      default:
        return { code: 64, err: `Unrecognized subcommand: ${verb}` }
    }
  }

  private get domains(): string[] {
    const uid = process.getuid?.()
    return [...(this.gui ? [`gui/${uid}`] : []), `user/${uid}`]
  }

  private bootstrap(domain: string, file: string): Answer {
    const failed = { code: 5, err: 'Bootstrap failed: 5: Input/output error' }
    let plist: PropertyList
    try {
      plist = readPropertyList(file)
    } catch {
      return failed
    }
    const key = `${domain}/${plist.Label}`
    if (this.disabled.has(plist.Label) || this.jobs.has(key)) return failed
    const job: Job = { plist, file, runs: 0, startedMs: 0, lastCode: null, lastSignal: null, leaving: false }
    this.jobs.set(key, job)
    // To know whether it ended well, it has to be started once.
    if (plist.RunAtLoad || plist.KeepAlive) this.start(job)
    return { code: 0 }
  }

  /** Answers before the agent has ended, where that takes longer than a moment. */
  private async bootout(key: string, job: Job): Promise<Answer> {
    const inProgress = { code: 36, err: 'Boot-out failed: 36: Operation now in progress' }
    if (job.leaving) return inProgress
    job.leaving = true
    clearTimeout(job.next)
    const { child } = job
    if (!child) {
      this.jobs.delete(key)
      return { code: 0 }
    }
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => {
        this.jobs.delete(key)
        resolve()
      })
    })
    child.kill('SIGTERM')
    const late = setTimeout(() => kill(child, 'SIGKILL'), (job.plist.ExitTimeOut ?? 20) * 1000)
    void ended.then(() => clearTimeout(late))
    const moment = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), 20))
    return (await Promise.race([ended, moment])) === 'late' ? inProgress : { code: 0 }
  }

  private async kickstart(job: Job): Promise<Answer> {
    const { child } = job
    clearTimeout(job.next)
    if (child) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      job.startedMs = 0
      kill(child, 'SIGKILL')
      await ended
      clearTimeout(job.next)
    }
    this.start(job)
    return { code: 0 }
  }

  private start(job: Job): void {
    const { plist } = job
    const [program = '', ...args] = plist.ProgramArguments
    const { home } = this.options
    const open = (file: string | undefined) => openSync(file ?? '/dev/null', 'a', 0o644)
    const [out, err] = [open(plist.StandardOutPath), open(plist.StandardErrorPath)]
    const mask = process.umask(plist.Umask ?? 0o022)
    const child = spawn(program, args, {
      cwd: plist.WorkingDirectory ?? '/',
      detached: true,
      env: {
        ...{ HOME: home, USER: 'ada', LOGNAME: 'ada', SHELL: '/bin/zsh', PATH: '/usr/bin:/bin:/usr/sbin:/sbin' },
        ...{ XPC_SERVICE_NAME: plist.Label, ...plist.EnvironmentVariables, ...this.options.agentEnv },
      },
      stdio: ['ignore', out, err],
    })
    process.umask(mask)
    closeSync(out)
    closeSync(err)
    Object.assign(job, { child, runs: job.runs + 1, startedMs: performance.now() })
    child.on('error', () => this.ended(job, child, 78, null))
    child.on('exit', (code, signal) => this.ended(job, child, code, signal))
  }

  private ended(job: Job, child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    // What it has left in its group goes with it.
    kill(child, 'SIGKILL')
    Object.assign(job, { child: undefined, lastCode: code, lastSignal: signal })
    if (job.leaving) return
    const { KeepAlive: keep, ThrottleInterval: throttle = 10 } = job.plist
    const isWell = code === 0
    const again = typeof keep === 'object' ? keep.SuccessfulExit === isWell : keep === true
    const waitMs = Math.max(0, throttle * 1000 - (performance.now() - job.startedMs))
    if (again) job.next = setTimeout(() => this.start(job), waitMs)
  }
}

export interface LaunchdOptions {
  /** For its own files. */
  readonly dir: string
  /** Of the user. */
  readonly home: string
  /** Added to the environment of every agent: what makes this machine a Mac to them. */
  readonly agentEnv?: Readonly<Record<string, string>>
}

/** @throws Error when it is no valid property list */
function readPropertyList(file: string): PropertyList {
  execFileSync('xmllint', ['--noout', '--nonet', '--dtdvalid', dtd, file], { stdio: 'ignore' })
  const python = 'import json,plistlib,sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))'
  return JSON.parse(execFileSync('python3', ['-c', python], { input: readFileSync(file), encoding: 'utf8' }))
}

function kill(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child?.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group has ended.
  }
}

function printed(target: string, job: Job): string {
  const { plist, file, child, runs, lastCode, lastSignal, next } = job
  const list = (name: string, lines: readonly string[]) =>
    `\t${name} = {\n${lines.map((line) => `\t\t${line}\n`).join('')}\t}\n\n`
  const variables = Object.entries({ ...plist.EnvironmentVariables, XPC_SERVICE_NAME: plist.Label })
  const ending = lastSignal
    ? `\tlast terminating signal = ${lastSignal}: ${signalNumbers[lastSignal] ?? 0}\n`
    : `\tlast exit code = ${runs === 0 || lastCode === null ? '(never exited)' : lastCode}\n`
  return `${target} = {
	active count = ${child ? 1 : 0}
	path = ${file}
	type = LaunchAgent
	state = ${child ? 'running' : next ? 'spawn scheduled' : 'not running'}

	program = ${plist.ProgramArguments[0]}
${list('arguments', plist.ProgramArguments)}${list(
  'environment',
  variables.map(([name, value]) => `${name} => ${value}`),
)}	domain = ${target.split('/').slice(0, 2).join('/')}
	runs = ${runs}
${child ? `\tpid = ${child.pid}\n` : ''}${ending}}
`
}
