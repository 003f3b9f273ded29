/** Events of a thread as a readable log: who said what and when, answers as they are written, commands and changes in short. */
import type { Gap, ShareEvent } from '../protocol/events.ts'
import { visibleLine } from '../protocol/visible-text.ts'
import { calendarDay, clockTime } from './clock.ts'
import { truncateToWidth } from './display-width.ts'
import { type ShownItem, type ShownMethod, treatmentOfEvent, treatmentOfItem } from './event-treatment.ts'
import { foldText, promptFold } from './fold-lines.ts'
import { errorReason, isNotice, type NoticeMethod, noticeOf } from './notices.ts'
import { proseText } from './prose-text.ts'
import { commandFacts, fileChanges, type Item, promptText, readItem } from './read-item.ts'
import { listOf, objectOf, textOf } from './read-json.ts'
import { StreamedItems } from './streamed-items.ts'
import { changeBlock, commandHead, commandResult, planBlock, turnEnd } from './text-blocks.ts'
import { TextPage } from './text-page.ts'
import { createPaint, type Look } from './theme.ts'
import { isTold, type ToldItem, toolLine } from './tool-line.ts'

export interface TextRendererOptions {
  readonly colour: boolean
  /** Columns of the terminal; without it lines are not cut. */
  readonly width?: number
  /** Also a line for each event that is not known. */
  readonly verbose?: boolean
  /** The day that needs no mention, as `2026-11-22` in local time. */
  readonly today?: string
  /** The prompt with this request id is the reader's own and is not repeated. */
  readonly ownRequestId?: string
}

/** A renderer keeps what it needs to know between events; each call gives the text to write next. */
export interface TextRenderer {
  event(event: ShareEvent): string
  gap(gap: Gap): string
  /** Ends a line that is still open. */
  finish(): string
}

export function createTextRenderer(options: TextRendererOptions): TextRenderer {
  return new LogRenderer(options)
}

type QuotedItem = Exclude<ShownItem, ToldItem>

class LogRenderer implements TextRenderer {
  private readonly page = new TextPage()
  private readonly streamed = new StreamedItems(this.page)
  private readonly style
  private readonly options: TextRendererOptions
  private day: string
  /** Whose words these are; a new heading is written when it changes. */
  private speaker: string | undefined
  /** The command whose head is the last thing written, so that its output belongs under it. */
  private headOnTop: string | undefined
  private toldReason = ''
  private readonly toldWarnings = new Set<string>()

  constructor(options: TextRendererOptions) {
    this.options = options
    this.day = options.today ?? ''
    this.style = { paint: createPaint(options.colour), width: Math.max(options.width ?? Number.POSITIVE_INFINITY, 20) }
  }

  event(event: ShareEvent): string {
    const treatment = treatmentOfEvent(event.method)
    if (treatment === 'unknown') this.unknown(event)
    else if (treatment === 'left out') return ''
    else if (isNotice(treatment)) this.notice(treatment, event)
    else this.shown[treatment](event)
    return this.page.take()
  }

  gap({ from, to, reason }: Gap): string {
    const what = from === to ? `event ${from} is` : `events ${from} to ${to} are`
    this.block(this.style.paint('caution', `… ${what} no longer kept (${reason})`))
    return this.page.take()
  }

  finish(): string {
    this.page.endLine()
    return this.page.take()
  }

  private readonly shown: Record<Exclude<ShownMethod, NoticeMethod>, (event: ShareEvent) => void> = {
    'item/started': (event) => this.itemStarted(event),
    'item/completed': (event) => this.itemCompleted(event),
    'item/agentMessage/delta': (event) => this.delta(event, 'plain'),
    'item/plan/delta': (event) => this.delta(event, 'plain'),
    'item/reasoning/summaryTextDelta': (event) => this.delta(event, 'quiet'),
    'item/reasoning/summaryPartAdded': ({ params }) => {
      // The first part begins the summary; each later one is a new paragraph, as in the final text.
      if (params.summaryIndex !== 0) this.streamed.delta(textOf(params.itemId), '\n\n', this.painter('quiet'))
    },
    'turn/plan/updated': (event) => {
      this.codexSpeaks(event)
      this.block(planBlock(event.params, this.style))
    },
    'turn/completed': ({ params, by }) => {
      this.streamed.clear()
      const { toldReason } = this
      this.block(turnEnd({ turn: objectOf(params.turn), toldReason, by: by?.label ?? '' }, this.style))
      this.speaker = undefined
      this.toldReason = ''
    },
  }

  private readonly quoted: Record<QuotedItem, (item: Item, event: ShareEvent) => void> = {
    userMessage: (item, event) => this.prompt(item, event),
    agentMessage: (item, event) => this.completeText(item, event, 'plain'),
    plan: (item, event) => this.completeText(item, event, 'plain'),
    reasoning: (item, event) => this.completeText(item, event, 'quiet'),
    commandExecution: (item, event) => {
      this.codexSpeaks(event)
      const facts = commandFacts(item)
      if (this.headOnTop !== item.id) this.block(commandHead(facts, this.style))
      this.page.lines(commandResult(facts, this.style))
      this.headOnTop = undefined
    },
    fileChange: (item, event) => {
      this.codexSpeaks(event)
      for (const change of fileChanges(item)) this.block(changeBlock(change, textOf(item.fields.status), this.style))
    },
  }

  private itemStarted(event: ShareEvent): void {
    const item = readItem(event.params)
    switch (treatmentOfItem(item.type)) {
      case 'agentMessage':
      case 'plan':
      case 'reasoning':
        this.streamed.started(item)
        return
      case 'commandExecution':
        this.codexSpeaks(event)
        this.block(commandHead(commandFacts(item), this.style))
        this.headOnTop = item.id
        return
      default: // Everything else is shown once it is complete, which for these is at once or very soon.
        return
    }
  }

  private itemCompleted(event: ShareEvent): void {
    const item = readItem(event.params)
    const treatment = treatmentOfItem(item.type)
    if (treatment === 'left out') return
    if (treatment === 'unknown') this.unknown(event, item.type)
    else if (isTold(treatment)) {
      this.codexSpeaks(event)
      this.block(this.style.paint('quiet', truncateToWidth(`▸ ${toolLine(treatment, item)}`, this.style.width)))
    } else this.quoted[treatment](item, event)
  }

  private prompt(item: Item, event: ShareEvent): void {
    const { ownRequestId } = this.options
    if (ownRequestId !== undefined && item.fields.clientId === ownRequestId) return
    this.speak(event, visibleLine(event.by?.label ?? 'user'), 'person')
    this.block(foldText(proseText(promptText(item)).replace(/\n+$/, ''), promptFold))
    this.speaker = undefined
  }

  private delta(event: ShareEvent, look: Look | 'plain'): void {
    const itemId = textOf(event.params.itemId)
    if (!this.streamed.canGrow(itemId)) return
    this.codexSpeaks(event)
    this.headOnTop = undefined
    this.streamed.delta(itemId, textOf(event.params.delta), this.painter(look))
  }

  private completeText(item: Item, event: ShareEvent, look: Look | 'plain'): void {
    if (textOf(item.fields.text) === '' && listOf(item.fields.summary).length === 0) return
    this.codexSpeaks(event)
    this.headOnTop = undefined
    this.streamed.completed(item, this.painter(look))
  }

  private notice(method: NoticeMethod, event: ShareEvent): void {
    const { params } = event
    if (method === 'error') {
      const reason = errorReason(params)
      // Codex tells the last of its tries as it told those before.
      if (reason === this.toldReason && params.willRetry !== true) return
      this.toldReason = reason
    }
    const notice = noticeOf(method, event)
    // Codex repeats some warnings word for word with every turn.
    if (method === 'warning' && notice && this.toldWarnings.has(notice.text)) return
    if (method === 'warning' && notice) this.toldWarnings.add(notice.text)
    if (notice) this.block(this.style.paint(notice.look, notice.text))
  }

  /** A method, or an item's type, that this program does not know. */
  private unknown({ method, params }: ShareEvent, itemType = ''): void {
    if (!this.options.verbose) return
    const line = visibleLine(`· ${[method, itemType].filter(Boolean).join(' ')} ${JSON.stringify(params)}`)
    this.block(this.style.paint('quiet', truncateToWidth(line, Math.min(this.style.width, 200))))
  }

  private codexSpeaks(event: ShareEvent): void {
    this.speak(event, 'codex', 'codex')
  }

  private speak(event: ShareEvent, who: string, look: Look): void {
    const day = calendarDay(event.at)
    if (day !== this.day && day !== '') this.block(this.style.paint('quiet', `── ${day} ──`))
    this.day = day
    if (this.speaker === who) return
    this.speaker = who
    this.headOnTop = undefined
    this.page.heading(`${this.style.paint(look, who)}  ${this.style.paint('quiet', clockTime(event.at))}`)
  }

  private block(text: string): void {
    this.headOnTop = undefined
    this.page.block(text)
  }

  private painter(look: Look | 'plain'): (text: string) => string {
    return look === 'plain' ? (text) => text : (text) => this.style.paint(look, text)
  }
}
