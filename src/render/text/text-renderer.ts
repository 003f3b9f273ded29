/** Events of a thread as a readable log: who said what and when, answers as they are written, commands and changes in short. */
import type { Gap, ShareEvent } from '../../protocol/events.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import type { EventRenderer } from '../event-renderer.ts'
import type { CommandFacts } from '../items/read-item.ts'
import { OpenCommands } from '../open-items/open-commands.ts'
import { rememberNotice } from '../reading/notices.ts'
import { readEvent } from '../reading/read-event.ts'
import type { Notice, ReadableEvent } from '../reading/readable-event.ts'
import { truncateToWidth } from '../terminal/display-width.ts'
import { proseText } from '../terminal/prose-text.ts'
import { createPaint, type Look } from '../terminal/theme.ts'
import { foldText, promptFold } from './fold-lines.ts'
import { Headings } from './headings.ts'
import { StreamedItems } from './streamed-items.ts'
import { changeBlock, commandHead, commandResult, stepsBlock, turnEnd } from './text-blocks.ts'
import { TextPage } from './text-page.ts'

export interface TextRendererOptions {
  readonly colour: boolean
  /** Columns of the terminal; without it lines are not cut. */
  readonly width?: number
  /** Also a line for each event that is not known. */
  readonly verbose?: boolean
  /** The day that needs no mention, as `2026-11-22` in local time. */
  readonly today?: string
  /** Answers are written as they grow, for somebody who watches; otherwise each is written once, when it is complete. */
  readonly live?: boolean
  /** The prompt with this request id is the reader's own and is not repeated. */
  readonly ownRequestId?: string
}

export function createTextRenderer(options: TextRendererOptions): EventRenderer {
  return new LogRenderer(options)
}

type Readable<Kind extends ReadableEvent['kind']> = Extract<ReadableEvent, { kind: Kind }>

class LogRenderer implements EventRenderer {
  private readonly page = new TextPage()
  private readonly streamed: StreamedItems
  private readonly commands = new OpenCommands()
  private readonly style
  private readonly options: TextRendererOptions
  private readonly headings: Headings
  /** The command whose head is the last thing written, so that its output belongs under it. */
  private headOnTop: string | undefined
  private shownReason = ''
  private saidOnce: readonly string[] = []

  constructor(options: TextRendererOptions) {
    this.options = options
    const paint = createPaint(options.colour)
    this.style = { paint, width: Math.max(options.width ?? Number.POSITIVE_INFINITY, 20) }
    this.headings = new Headings(this.page, paint, options.today ?? '')
    const onWrite = () => {
      this.writeAnswerHeading()
      this.headOnTop = undefined
    }
    this.streamed = new StreamedItems({ page: this.page, paint, live: options.live ?? false, onWrite })
  }

  renderEvent(event: ShareEvent): string {
    this.headings.at = event.at
    this.write(readEvent(event), event)
    return this.page.take()
  }

  renderGap({ from, to, reason }: Gap): string {
    const what = from === to ? `event ${from} is` : `events ${from} to ${to} are`
    this.writeBlock(this.style.paint('caution', `… ${what} no longer kept (${reason})`))
    return this.page.take()
  }

  finish(): string {
    this.streamed.endTurn()
    this.page.endLine()
    return this.page.take()
  }

  private write(readable: ReadableEvent, event: ShareEvent): void {
    switch (readable.kind) {
      case 'prompt':
        this.writePrompt(readable)
        break
      case 'textStarted':
        this.streamed.start(readable.id, readable.type, readable.text)
        break
      case 'textGrown':
        this.streamed.append(readable.id, readable.type, readable.piece)
        break
      case 'text':
        this.streamed.complete(readable.id, readable.type, readable.text)
        break
      case 'commandStarted':
        this.writeCommandStart(readable)
        break
      case 'commandPrinted':
        this.commands.addOutput(readable.id, readable.output)
        break
      case 'command':
        this.commands.remove(readable.id)
        this.writeCommand(readable.id, readable.facts)
        break
      case 'changes':
        this.writeAnswerHeading()
        for (const change of readable.changes) this.writeBlock(changeBlock(change, readable.status, this.style))
        break
      case 'tool':
        this.writeAnswerHeading()
        this.writeBlock(this.style.paint('quiet', truncateToWidth(`▸ ${readable.line}`, this.style.width)))
        break
      case 'steps':
        this.writeAnswerHeading()
        this.writeBlock(stepsBlock(readable, this.style))
        break
      case 'missed':
        for (const id of readable.ids) this.commands.addHole(id)
        this.streamed.addHoles(readable.ids)
        break
      case 'approvalAnswered':
        this.writeApprovalAnswer(readable)
        break
      case 'turnEnd':
        this.endItems()
        this.writeBlock(turnEnd({ ...readable, shownReason: this.shownReason }, this.style))
        this.headings.end()
        this.shownReason = ''
        break
      case 'error':
        this.writeError(readable)
        break
      case 'notice':
        this.writeNotice(readable)
        break
      case 'progress':
      case 'leftOut':
        break
      case 'unknown':
        this.writeUnknown(readable.name, event)
        break
      default:
        readable satisfies never
    }
  }

  private writeCommandStart({ id, facts }: Readable<'commandStarted'>): void {
    this.writeAnswerHeading()
    this.writeBlock(commandHead(facts, this.style))
    this.headOnTop = id
    this.commands.start(id, facts)
  }

  private writeCommand(id: string, facts: CommandFacts): void {
    this.writeAnswerHeading()
    if (this.headOnTop !== id) this.writeBlock(commandHead(facts, this.style))
    this.page.writeLines(commandResult(facts, this.style))
    this.headOnTop = undefined
  }

  /** Nothing more comes of what is open. */
  private endItems(): void {
    this.streamed.endTurn()
    for (const [id, facts] of this.commands.takeAll()) this.writeCommand(id, facts)
  }

  private writePrompt({ who, requestId, text }: Readable<'prompt'>): void {
    // What was being written when somebody steered the turn is not gone on with.
    if (this.streamed.cutShort()) this.writeBlock(this.style.paint('caution', `■ cut short by ${who}`))
    if (requestId !== '' && requestId === this.options.ownRequestId) return
    this.writeHeading(who, 'person')
    this.writeBlock(foldText(proseText(text).replace(/\n+$/, ''), promptFold))
    this.headings.end()
  }

  private writeApprovalAnswer({ itemId, subject, outcome }: Readable<'approvalAnswered'>): void {
    // Right under the command it is about, that need not be named again.
    if (itemId !== '' && itemId === this.headOnTop) this.page.writeLines(this.style.paint('caution', `  ${outcome}`))
    else this.writeBlock(this.style.paint('caution', `▸ ${subject}: ${outcome}`))
  }

  private writeError({ text, reason, willRetry }: Readable<'error'>): void {
    // Codex reports its last try like those before.
    if (reason === this.shownReason && !willRetry) return
    this.shownReason = reason
    this.writeBlock(this.style.paint('bad', text))
  }

  private writeNotice(notice: Notice): void {
    const said = rememberNotice(this.saidOnce, notice)
    if (said === null) return
    this.saidOnce = said
    this.writeBlock(this.style.paint(notice.look, notice.text))
  }

  private writeUnknown(name: string, { params }: ShareEvent): void {
    if (!this.options.verbose) return
    const line = visibleLine(`· ${name} ${JSON.stringify(params)}`)
    this.writeBlock(this.style.paint('quiet', truncateToWidth(line, Math.min(this.style.width, 200))))
  }

  private writeAnswerHeading(): void {
    this.writeHeading('codex', 'codex')
  }

  private writeHeading(who: string, look: Look): void {
    if (this.headings.write(who, look)) this.headOnTop = undefined
  }

  private writeBlock(text: string): void {
    this.headOnTop = undefined
    this.page.writeBlock(text)
  }
}
