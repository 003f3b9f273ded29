/** `doctor`: looks at everything that can be wrong, and says how to mend it. */
import { join } from 'node:path'
import { Flags } from '@oclif/core'
import { type Finding, type Level, worstLevel } from '../doctor/finding.ts'
import { lookAtDaemon } from '../doctor/look-at-daemon.ts'
import { type CheckResult, runDoctor } from '../doctor/run-doctor.ts'
import { codexHomeOf } from '../platform/places/codex-home.ts'
import { defaultSettings, readSettings, type Settings } from '../platform/settings/settings.ts'
import { thisSystem } from '../platform/system/this-system.ts'
import { asShareError } from '../protocol/errors.ts'
import { visibleLines } from '../protocol/text/visible-text.ts'
import { programVersion } from '../protocol/version.ts'
import type { Look } from '../render/terminal/theme.ts'
import { DaemonCommand } from './base/daemon-command.ts'

const program = join(import.meta.dirname, '../../bin/run.js')

const indent = ' '.repeat(15)
const exitCodes: Readonly<Record<Level, number>> = { ok: 0, note: 0, warning: 1, problem: 5 }
const marks: Readonly<Record<Level, readonly [string, Look]>> = {
  ok: ['✓', 'good'],
  note: ['·', 'quiet'],
  warning: ['!', 'caution'],
  problem: ['✗', 'bad'],
}

export default class Doctor extends DaemonCommand {
  static override summary = 'Check everything that can be wrong, and say how to mend it.'
  static override description =
    'Changes nothing and starts nothing. Exit code 0 when all is well (notes do not count), 1 with warnings, 5 with problems.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  static override flags = {
    deep: Flags.boolean({ description: 'Read every page of the ledger, however large it is.' }),
  }

  private readonly leaving = new AbortController()

  override async run(): Promise<void> {
    const { flags } = await this.parse(Doctor)
    this.abortOnSignals()
    const results = await this.examine(flags)
    const worst = worstLevel(results.flatMap(({ findings }) => findings))
    if (flags.json) await this.writeJson({ worst, checks: results })
    else await this.write(results.map((result) => this.section(result)).join(''))
    this.exit(exitCodes[worst])
  }

  /** Without places there is nothing else to look at; with settings that cannot be read, the defaults are as good as any. */
  private async examine({ deep }: { readonly deep: boolean }): Promise<CheckResult[]> {
    const { env, version, execPath } = process
    let places: typeof this.places
    try {
      places = await this.findPlaces()
    } catch (error) {
      return [{ check: 'Runtime folder', findings: [findingOf(error)] }]
    }
    const { settings, trouble } = settingsOf(places.settingsFile)
    const results = await runDoctor({
      ...{ env, system: thisSystem, places, settings, program, programVersion },
      daemon: await lookAtDaemon(places, this.identity),
      node: { version, path: execPath },
      codexHome: codexHomeOf(env),
      now: Date.now(),
      ...{ deep, notice: this.notice, signal: this.leaving.signal },
    })
    return trouble ? [{ check: 'Settings', findings: [trouble] }, ...results] : results
  }

  protected override onInterrupt(): void {
    this.leaving.abort()
    super.onInterrupt()
  }

  /** What ends us otherwise does so after that. */
  private abortOnSignals(): void {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => {
        this.leaving.abort()
        process.kill(process.pid, signal)
      })
  }

  private section({ check, findings }: CheckResult): string {
    return findings.map((finding, index) => this.lines(index === 0 ? check : '', finding)).join('')
  }

  private lines(check: string, { level, what, why, fix }: Finding): string {
    const [mark, look] = marks[level]
    return [
      ...hangingLines(`${this.paint(look, mark)} ${check.padEnd(12)} `, what),
      ...(why === undefined ? [] : hangingLines(indent, why, (line) => this.paint('quiet', line))),
      ...(fix === undefined ? [] : hangingLines(`${indent}→ `, fix)),
      '',
    ].join('\n')
  }
}

/** The lines of a text behind its beginning, the further ones below its first. */
function hangingLines(beginning: string, text: string, paint = (line: string) => line): string[] {
  return visibleLines(text).map((line, index) => `${index === 0 ? beginning : `${indent}  `}${paint(line)}`)
}

function settingsOf(file: string): { readonly settings: Settings; readonly trouble?: Finding } {
  try {
    return { settings: readSettings(file) }
  } catch (error) {
    return { settings: defaultSettings, trouble: findingOf(error) }
  }
}

function findingOf(error: unknown): Finding {
  const { message, hint } = asShareError(error)
  return { level: 'problem', what: message, why: 'The daemon does not start like this.', fix: hint }
}
