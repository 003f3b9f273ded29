/** Events of a thread as a readable log: who said what and when, answers as they are written, commands and changes in short. */
import type { Gap, ShareEvent } from '../protocol/events.ts'
import { visibleLine } from '../protocol/visible-text.ts'
import { approvalOutcome } from './approval-outcome.ts'
import { calendarDay, clockTime } from './clock.ts'
import { truncateToWidth } from './display-width.ts'
import type { EventRenderer } from './event-renderer.ts'
import { type ShownItem, type ShownMethod, treatmentOfEvent, treatmentOfItem } from './event-treatment.ts'
import { foldText, promptFold } from './fold-lines.ts'
import { errorReason, isNotice, type NoticeMethod, noticeOf } from './notices.ts'
import { type DeltaMethod, deltaTypes } from './open-items/growing-items.ts'
import { OpenCommands } from './open-items/open-commands.ts'
import { StreamedItems } from './open-items/streamed-items.ts'
import { proseText } from './prose-text.ts'
import { type CommandFacts, commandFacts, fileChanges, type Item, promptText, readItem } from './read-item.ts'
import { listOf, objectOf, textOf } from './read-json.ts'
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
  /** Answers are written as they grow, for somebody who watches; otherwise each is written once, when it is complete. */
  readonly live?: boolean
  /** The prompt with this request id is the reader's own and is not repeated. */
  readonly ownRequestId?: string
}

export function createTextRenderer(options: TextRendererOptions): EventRenderer {
  return new LogRenderer(options)
}

type QuotedItem = Exclude<ShownItem, ToldItem>

class LogRenderer implements EventRenderer {
  private readonly page = new TextPage()
  private readonly streamed: StreamedItems
  private readonly commands = new OpenCommands()
  private readonly style
  private readonly options: TextRendererOptions
  /** When the event happened that is being written. */
  private at = ''
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
    const paint = createPaint(options.colour)
    this.style = { paint, width: Math.max(options.width ?? Number.POSITIVE_INFINITY, 20) }
    const onWrite = () => {
      this.codexSpeaks()
      this.headOnTop = undefined
    }
    this.streamed = new StreamedItems({ page: this.page, paint, live: options.live ?? false, onWrite })
  }

  event(event: ShareEvent): string {
    this.at = event.at
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
    this.streamed.endTurn()
    this.page.endLine()
    return this.page.take()
  }

  private readonly shown: Record<Exclude<ShownMethod, NoticeMethod>, (event: ShareEvent) => void> = {
    'item/started': (event) => this.itemStarted(event),
    'item/completed': (event) => this.itemCompleted(event),
    'item/agentMessage/delta': (event) => this.delta(event, 'item/agentMessage/delta'),
    'item/plan/delta': (event) => this.delta(event, 'item/plan/delta'),
    'item/reasoning/summaryTextDelta': (event) => this.delta(event, 'item/reasoning/summaryTextDelta'),
    'item/reasoning/summaryPartAdded': (event) => this.delta(event, 'item/reasoning/summaryPartAdded'),
    'share/approvalAnswered': (event) => this.approvalAnswered(event),
    'item/commandExecution/outputDelta': ({ params }) =>
      this.commands.printed(textOf(params.itemId), textOf(params.delta)),
    'share/missed': ({ params }) => this.missed(listOf(params.itemIds).map(textOf)),
    'turn/plan/updated': (event) => {
      this.codexSpeaks()
      this.block(planBlock(event.params, this.style))
    },
    'turn/completed': ({ params, by }) => {
      this.endItems()
      const { toldReason } = this
      this.block(turnEnd({ turn: objectOf(params.turn), toldReason, by: by?.label ?? '' }, this.style))
      this.speaker = undefined
      this.toldReason = ''
    },
  }

  private readonly quoted: Record<QuotedItem, (item: Item, event: ShareEvent) => void> = {
    userMessage: (item, event) => this.prompt(item, event),
    agentMessage: (item) => this.streamed.completed(item, 'agentMessage'),
    plan: (item) => this.streamed.completed(item, 'plan'),
    reasoning: (item) => this.streamed.completed(item, 'reasoning'),
    commandExecution: (item) => {
      this.commands.remove(item.id)
      this.command(item.id, commandFacts(item))
    },
    fileChange: (item) => {
      this.codexSpeaks()
      for (const change of fileChanges(item)) this.block(changeBlock(change, textOf(item.fields.status), this.style))
    },
  }

  private itemStarted({ params }: ShareEvent): void {
    const item = readItem(params)
    const type = treatmentOfItem(item.type)
    switch (type) {
      case 'agentMessage':
      case 'plan':
      case 'reasoning':
        this.streamed.started(item, type)
        return
      case 'commandExecution':
        this.codexSpeaks()
        this.block(commandHead(commandFacts(item), this.style))
        this.headOnTop = item.id
        this.commands.started(item)
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
      this.codexSpeaks()
      this.block(this.style.paint('quiet', truncateToWidth(`▸ ${toolLine(treatment, item)}`, this.style.width)))
    } else this.quoted[treatment](item, event)
  }

  private command(id: string, facts: CommandFacts): void {
    this.codexSpeaks()
    if (this.headOnTop !== id) this.block(commandHead(facts, this.style))
    this.page.lines(commandResult(facts, this.style))
    this.headOnTop = undefined
  }

  private missed(ids: readonly string[]): void {
    for (const id of ids) this.commands.missed(id)
    this.streamed.missed(ids)
  }

  /** Nothing more comes of what is open. */
  private endItems(): void {
    this.streamed.endTurn()
    for (const [id, facts] of this.commands.takeAll()) this.command(id, facts)
  }

  private prompt(item: Item, event: ShareEvent): void {
    const who = visibleLine(event.by?.label ?? 'user')
    // What was being written when somebody steered the turn is not gone on with.
    if (this.streamed.cutShort()) this.block(this.style.paint('caution', `■ cut short by ${who}`))
    const { ownRequestId } = this.options
    if (ownRequestId !== undefined && item.fields.clientId === ownRequestId) return
    this.speak(who, 'person')
    this.block(foldText(proseText(promptText(item)).replace(/\n+$/, ''), promptFold))
    this.speaker = undefined
  }

  private delta({ params }: ShareEvent, method: DeltaMethod): void {
    const isPart = method === 'item/reasoning/summaryPartAdded'
    // The first part begins the summary; each later one is a new paragraph, as in the final text.
    if (isPart && params.summaryIndex === 0) return
    this.streamed.delta(textOf(params.itemId), deltaTypes[method], isPart ? '\n\n' : textOf(params.delta))
  }

  private approvalAnswered(event: ShareEvent): void {
    const { itemId, subject, outcome } = approvalOutcome(event)
    // Right under the command it is about, that need not be named again.
    if (itemId !== '' && itemId === this.headOnTop) this.page.lines(this.style.paint('caution', `  ${outcome}`))
    else this.block(this.style.paint('caution', `▸ ${subject}: ${outcome}`))
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

  private codexSpeaks(): void {
    this.speak('codex', 'codex')
  }

  private speak(who: string, look: Look): void {
    const day = calendarDay(this.at)
    if (day !== this.day && day !== '') this.block(this.style.paint('quiet', `── ${day} ──`))
    this.day = day
    if (this.speaker === who) return
    this.speaker = who
    this.headOnTop = undefined
    this.page.heading(`${this.style.paint(look, who)}  ${this.style.paint('quiet', clockTime(this.at))}`)
  }

  private block(text: string): void {
    this.headOnTop = undefined
    this.page.block(text)
  }
}
