/** Events of a thread as one Markdown document, for `share get --format markdown`: complete items only, nothing folded. */
import type { Gap, ShareEvent } from '../protocol/events.ts'
import { visibleLine, visibleLines, visibleText } from '../protocol/visible-text.ts'
import { calendarDay, clockTime, duration } from './clock.ts'
import { treatmentOfEvent, treatmentOfItem } from './event-treatment.ts'
import { codeBlock, codeSpan, emphasis, plainText } from './markdown-parts.ts'
import { isNotice, noticeOf } from './notices.ts'
import { outputLines, proseLine, proseText } from './prose-text.ts'
import {
  commandFacts,
  type FileChangeFacts,
  fileChanges,
  type Item,
  itemText,
  promptText,
  readItem,
} from './read-item.ts'
import { listOf, numberOf, objectOf, textOf } from './read-json.ts'
import { diffLines } from './text-blocks.ts'
import { isTold, toolLine } from './tool-line.ts'

/** The document's text for one event, or the empty string; pieces are separated by blank lines already. */
export function markdownOf(event: ShareEvent): string {
  const treatment = treatmentOfEvent(event.method)
  if (treatment === 'left out' || treatment === 'unknown') return ''
  if (isNotice(treatment)) {
    const notice = noticeOf(treatment, event)
    return notice ? emphasis(notice.text) : ''
  }
  switch (treatment) {
    case 'item/completed':
      return itemMarkdown(readItem(event.params), event)
    case 'turn/completed':
      return turnMarkdown(objectOf(event.params.turn))
    case 'turn/plan/updated':
      return planMarkdown(event.params)
    case 'item/started': // The complete item follows.
    case 'item/agentMessage/delta':
    case 'item/plan/delta':
    case 'item/reasoning/summaryTextDelta':
    case 'item/reasoning/summaryPartAdded':
      return ''
  }
}

export function markdownGap({ from, to, reason }: Gap): string {
  return `*Events ${from} to ${to} are no longer kept (${reason}).*\n\n`
}

function itemMarkdown(item: Item, event: ShareEvent): string {
  const type = treatmentOfItem(item.type)
  if (type === 'left out' || type === 'unknown') return ''
  if (isTold(type)) return `${codeSpan(toolLine(type, item))}\n\n`
  switch (type) {
    case 'userMessage': {
      const when = `${calendarDay(event.at)} ${clockTime(event.at)}`
      return `## ${plainText(visibleLine(event.by?.label ?? 'user'))} · ${when}\n\n${quote(proseText(promptText(item)))}\n\n`
    }
    case 'agentMessage':
    case 'plan':
      return paragraph(proseText(itemText(item)))
    case 'reasoning':
      return itemText(item) === ''
        ? ''
        : `<details><summary>Reasoning</summary>\n\n${paragraph(proseText(itemText(item)))}</details>\n\n`
    case 'commandExecution': {
      const { command, output, exitCode } = commandFacts(item)
      const ending = exitCode === null || exitCode === 0 ? '' : `*exit ${exitCode}*\n\n`
      const asked = visibleLines(command).map((line, index) => `${index === 0 ? '$' : ' '} ${line}`)
      return codeBlock('console', [...asked, ...(output === '' ? [] : outputLines(output))]) + ending
    }
    case 'fileChange':
      return fileChanges(item)
        .map((change) => `${changeTitle(change)}\n\n${codeBlock('diff', diffLines(change))}`)
        .join('')
  }
}

/** `**path**`, or `**path → path**` where it moved. */
function changeTitle({ path, movedTo }: FileChangeFacts): string {
  return `**${[path, movedTo].filter(Boolean).map(codeSpan).join(' → ')}**`
}

function turnMarkdown(turn: Readonly<Record<string, unknown>>): string {
  const reason = visibleText(textOf(objectOf(turn.error).message))
  const took = numberOf(turn.durationMs)
  const ending = `Turn ${visibleLine(textOf(turn.status))}${took === null ? '' : `, ${duration(took)}`}`
  return `${emphasis(`${ending}${reason === '' ? '' : `: ${reason}`}`)}---\n\n`
}

function planMarkdown(params: ShareEvent['params']): string {
  const steps = listOf(params.plan).map((entry) => {
    const { step, status } = objectOf(entry)
    return `- [${status === 'completed' ? 'x' : ' '}] ${proseLine(textOf(step))}`
  })
  return steps.length === 0 ? '' : `${steps.join('\n')}\n\n`
}

function paragraph(text: string): string {
  const trimmed = text.replace(/\n+$/, '')
  return trimmed === '' ? '' : `${trimmed}\n\n`
}

function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
}
