/** The base of all commands: streams, Ctrl-C, and one way to fail. */
import { Command, Flags } from '@oclif/core'
import { reportFailure, wantsJson } from '../../cli/failure.ts'
import { asShareError, ShareError } from '../../protocol/errors.ts'
import { safeJson } from '../../protocol/text/safe-json.ts'
import { visibleText } from '../../protocol/text/visible-text.ts'
import { calendarDay } from '../../render/terminal/clock.ts'
import { createPaint, type Paint, wantsColour } from '../../render/terminal/theme.ts'
import type { TextRendererOptions } from '../../render/text/text-renderer.ts'

export const jsonFlag = Flags.boolean({
  helpGroup: 'GLOBAL',
  description: 'Print the result as JSON, for programs.',
})

export abstract class BaseCommand extends Command {
  /** Writes to stderr what is going on, and nothing that a script would want to read. */
  protected readonly notice = (text: string): void => {
    this.endLine()
    process.stderr.write(`${visibleText(text)}\n`)
  }

  protected override async init(): Promise<void> {
    await super.init()
    process.on('SIGINT', () => this.onInterrupt())
  }

  /** Ctrl-C. The code is the one that shells use for it. */
  protected onInterrupt(): void {
    process.exit(130)
  }

  /** Writes to stdout and waits until it has gone out, however slow its reader is; then the bytes may be used for something else. */
  protected async write(output: string | Uint8Array): Promise<void> {
    if (output.length === 0) return
    this.lineIsOpen = process.stdout.isTTY === true && !endsLine(output)
    await new Promise<void>((resolve) => {
      process.stdout.write(output, () => resolve())
    })
  }

  /** A terminal shows both streams: an open line is ended before a notice. Nothing is added to what is piped. */
  private lineIsOpen = false

  private endLine(): void {
    if (this.lineIsOpen) process.stdout.write('\n')
    this.lineIsOpen = false
  }

  protected writeJson(value: unknown): Promise<void> {
    return this.write(`${safeJson(value)}\n`)
  }

  protected get paint(): Paint {
    return createPaint(this.colour)
  }

  protected get colour(): boolean {
    return wantsColour({ isTerminal: process.stdout.isTTY === true, env: process.env })
  }

  /** Columns of the terminal, as an option: nothing where stdout is none. */
  protected get width(): { readonly width?: number } {
    return process.stdout.isTTY && process.stdout.columns > 0 ? { width: process.stdout.columns } : {}
  }

  /** How a readable log looks on this stdout. */
  protected textOptions(verbose: boolean): TextRendererOptions {
    return { colour: this.colour, verbose, today: calendarDay(new Date().toISOString()), ...this.width }
  }

  /** Whether this failure is on stdout already, as part of the result. */
  protected isReported = false

  /** Says what went wrong, and leaves with the error's own exit code; also where another program has us as a plugin. */
  protected override async catch(error: Error): Promise<never> {
    this.endLine()
    const json = wantsJson(this.argv) && !this.isReported
    this.exit(this.exitCodeFor(reportFailure(toReadable(error), { json })))
  }

  /** The code of the error, unless who waits for our end takes it for something else. */
  protected exitCodeFor(code: number): number {
    return code
  }
}

function endsLine(output: string | Uint8Array): boolean {
  return output.at(-1) === (typeof output === 'string' ? '\n' : 0x0a)
}

/** Stack traces are for those who ask for them. oclif's own errors are about the arguments, or a wish to leave. */
function toReadable(error: Error): Error {
  return error instanceof ShareError || 'oclif' in error || process.env.DEBUG ? error : asShareError(error)
}
