/** Events of a thread as one Markdown document, for `share get --format markdown`: nothing folded. */
import type { Gap, ShareEvent } from '../../protocol/events.ts'
import { approvalOutcome } from '../approval-outcome.ts'
import type { EventRenderer } from '../event-renderer.ts'
import { type ShownMethod, treatmentOfEvent } from '../event-treatment.ts'
import { isNotice, type NoticeMethod, noticeOf } from '../notices.ts'
import { GrowingItems, type GrowingType, isGrowing } from '../open-items/growing-items.ts'
import { hole } from '../open-items/growing-text.ts'
import { OpenCommands } from '../open-items/open-commands.ts'
import { proseText } from '../prose-text.ts'
import { readItem } from '../read-item.ts'
import { listOf, textOf } from '../read-json.ts'
import {
  authorOf,
  commandMarkdown,
  itemMarkdown,
  paragraph,
  planMarkdown,
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

  event(event: ShareEvent): string {
    const treatment = treatmentOfEvent(event.method)
    if (treatment === 'left out' || treatment === 'unknown') return ''
    if (isNotice(treatment)) {
      const notice = noticeOf(treatment, event)
      return notice ? emphasis(notice.text) : ''
    }
    return this.shown[treatment](event)
  }

  gap({ from, to, reason }: Gap): string {
    return `*Events ${from} to ${to} are no longer kept (${reason}).*\n\n`
  }

  finish(): string {
    const running = this.commands.takeAll().map(([, facts]) => commandMarkdown(facts))
    return this.takeOpen() + running.join('')
  }

  private readonly shown: Record<Exclude<ShownMethod, NoticeMethod>, (event: ShareEvent) => string> = {
    'item/started': ({ params }) => {
      const item = readItem(params)
      if (isGrowing(item.type)) this.growing.started(item, item.type)
      else if (item.type === 'commandExecution') this.commands.started(item)
      return ''
    },
    'item/completed': (event) => {
      const item = readItem(event.params)
      this.growing.remove(item.id)
      this.commands.remove(item.id)
      const cut = item.type === 'userMessage' ? this.takeOpen() : ''
      // Somebody steered the turn in the middle of an answer, which is not gone on with.
      const mark = cut === '' ? '' : emphasis(`■ cut short by ${authorOf(event)}`)
      return cut + mark + itemMarkdown(item, event)
    },
    'item/agentMessage/delta': ({ params }) => this.delta(params, 'agentMessage'),
    'item/plan/delta': ({ params }) => this.delta(params, 'plan'),
    'item/reasoning/summaryTextDelta': ({ params }) => this.delta(params, 'reasoning'),
    'item/reasoning/summaryPartAdded': ({ params }) =>
      params.summaryIndex === 0 ? '' : this.delta({ ...params, delta: '\n\n' }, 'reasoning'),
    'item/commandExecution/outputDelta': ({ params }) => {
      this.commands.printed(textOf(params.itemId), textOf(params.delta))
      return ''
    },
    'share/missed': ({ params }) => {
      for (const id of listOf(params.itemIds).map(textOf)) {
        this.growing.miss(id)
        this.commands.missed(id)
      }
      return ''
    },
    'share/approvalAnswered': (event) => {
      const { subject, outcome } = approvalOutcome(event)
      return `${codeSpan(subject)} *${plainText(outcome)}*\n\n`
    },
    'turn/plan/updated': ({ params }) => planMarkdown(params),
    'turn/completed': (event) => this.endItems() + turnMarkdown(event),
  }

  private delta(params: ShareEvent['params'], type: GrowingType): string {
    this.growing.grow(textOf(params.itemId), type, textOf(params.delta))
    return ''
  }

  /** Nothing more comes of what is open. */
  private endItems(): string {
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
