/** Events of a thread as one Markdown document, for `share get --format markdown`: nothing folded. */
import type { Gap, ShareEvent } from '../../protocol/events.ts'
import type { EventRenderer } from '../event-renderer.ts'
import { GrowingItems } from '../open-items/growing-items.ts'
import { hole } from '../open-items/growing-text.ts'
import { OpenCommands } from '../open-items/open-commands.ts'
import { rememberNotice } from '../reading/notices.ts'
import { readEvent } from '../reading/read-event.ts'
import type { Notice, ReadableEvent } from '../reading/readable-event.ts'
import { proseText } from '../terminal/prose-text.ts'
import {
  changeMarkdown,
  commandMarkdown,
  endedCommandMarkdown,
  paragraph,
  promptMarkdown,
  stepsMarkdown,
  textMarkdown,
  turnMarkdown,
} from './markdown-blocks.ts'
import { codeSpan, emphasis, plainText } from './markdown-parts.ts'

export function createMarkdownRenderer(): EventRenderer {
  return new DocumentRenderer()
}

/** Pieces are separated by blank lines already. */
class DocumentRenderer implements EventRenderer {
  private readonly growing = new GrowingItems()
  private readonly commands = new OpenCommands()

  private saidOnce: readonly string[] = []

  renderEvent(event: ShareEvent): string {
    return this.render(readEvent(event), event.at)
  }

  renderGap({ from, to, reason }: Gap): string {
    return `*Events ${from} to ${to} are no longer kept (${reason}).*\n\n`
  }

  finish(): string {
    const running = this.commands.takeAll().map(([, facts]) => commandMarkdown(facts))
    return this.takeOpen() + running.join('')
  }

  private render(readable: ReadableEvent, at: string): string {
    switch (readable.kind) {
      case 'prompt':
        return this.renderCutShort(readable.who) + promptMarkdown({ ...readable, at })
      case 'textStarted':
        this.growing.start(readable.id, readable.type, readable.text)
        return ''
      case 'textGrown':
        this.growing.append(readable.id, readable.type, readable.piece)
        return ''
      case 'text':
        this.growing.remove(readable.id)
        return textMarkdown(readable.type, paragraph(proseText(readable.text)))
      case 'commandStarted':
        this.commands.start(readable.id, readable.facts)
        return ''
      case 'commandPrinted':
        this.commands.addOutput(readable.id, readable.output)
        return ''
      case 'command':
        this.commands.remove(readable.id)
        return endedCommandMarkdown(readable.facts)
      case 'changes':
        return readable.changes.map(changeMarkdown).join('')
      case 'tool':
        return `${codeSpan(readable.line)}\n\n`
      case 'steps':
        return stepsMarkdown(readable)
      case 'missed':
        for (const id of readable.ids) {
          this.growing.addHole(id)
          this.commands.addHole(id)
        }
        return ''
      case 'approvalAnswered':
        return `${codeSpan(readable.subject)} *${plainText(readable.outcome)}*\n\n`
      case 'turnEnd':
        return this.renderUnfinished() + turnMarkdown(readable)
      case 'error':
        return emphasis(readable.text)
      case 'notice':
        return this.renderNotice(readable)
      case 'progress':
      case 'leftOut':
      case 'unknown':
        return ''
      default:
        return readable satisfies never
    }
  }

  private renderNotice(notice: Notice): string {
    const said = rememberNotice(this.saidOnce, notice)
    if (said === null) return ''
    this.saidOnce = said
    return emphasis(notice.text)
  }

  /** Somebody steers the turn in the middle of an answer, which is not gone on with. */
  private renderCutShort(who: string): string {
    const cut = this.takeOpen()
    return cut === '' ? '' : cut + emphasis(`■ cut short by ${who}`)
  }

  /** Nothing more comes of what is open. */
  private renderUnfinished(): string {
    const commands = this.commands.takeAll().map(([, facts]) => `${commandMarkdown(facts)}${emphasis(facts.status)}`)
    return this.takeOpen() + commands.join('')
  }

  /** What came of items that are not complete, with a mark where something is missing. */
  private takeOpen(): string {
    const open = this.growing.list()
    this.growing.clear()
    return open
      .map(({ type, beginning, behind }) => {
        const pieces = behind.map((piece) => emphasis(hole) + paragraph(proseText(piece)))
        return textMarkdown(type, paragraph(proseText(beginning)) + pieces.join(''))
      })
      .join('')
  }
}
