/** The parts of a Markdown document, each with an empty line behind it: items, plans, the ends of turns. Pure. */
import type { ShareEvent } from '../../protocol/events.ts'
import { visibleLine, visibleLines, visibleText } from '../../protocol/visible-text.ts'
import { calendarDay, clockTime, duration } from '../clock.ts'
import { treatmentOfItem } from '../event-treatment.ts'
import type { GrowingType } from '../open-items/growing-items.ts'
import { outputLines, proseLine, proseText } from '../prose-text.ts'
import {
  type CommandFacts,
  commandFacts,
  type FileChangeFacts,
  fileChanges,
  type Item,
  itemText,
  promptText,
} from '../read-item.ts'
import { listOf, numberOf, objectOf, textOf } from '../read-json.ts'
import { diffLines } from '../text-blocks.ts'
import { isTold, toolLine } from '../tool-line.ts'
import { codeBlock, codeSpan, emphasis, plainText } from './markdown-parts.ts'

/** Paragraphs of an item that grows. */
export function textMarkdown(type: GrowingType, paragraphs: string): string {
  if (type !== 'reasoning' || paragraphs === '') return paragraphs
  return `<details><summary>Reasoning</summary>\n\n${paragraphs}</details>\n\n`
}

export function itemMarkdown(item: Item, event: ShareEvent): string {
  const type = treatmentOfItem(item.type)
  if (type === 'left out' || type === 'unknown') return ''
  if (isTold(type)) return `${codeSpan(toolLine(type, item))}\n\n`
  switch (type) {
    case 'userMessage': {
      const when = `${calendarDay(event.at)} ${clockTime(event.at)}`
      return `## ${plainText(authorOf(event))} · ${when}\n\n${quote(proseText(promptText(item)))}\n\n`
    }
    case 'agentMessage':
    case 'plan':
    case 'reasoning':
      return textMarkdown(type, paragraph(proseText(itemText(item))))
    case 'commandExecution': {
      const facts = commandFacts(item)
      const { exitCode, status } = facts
      const ending = exitCode === null ? (status === 'declined' ? '*declined*\n\n' : '') : `*exit ${exitCode}*\n\n`
      return commandMarkdown(facts) + (exitCode === 0 ? '' : ending)
    }
    case 'fileChange':
      return fileChanges(item)
        .map((change) => `${changeTitle(change)}\n\n${codeBlock('diff', diffLines(change))}`)
        .join('')
  }
}

export function commandMarkdown({ command, output }: CommandFacts): string {
  const asked = visibleLines(command).map((line, index) => `${index === 0 ? '$' : ' '} ${line}`)
  return codeBlock('console', [...asked, ...(output === '' ? [] : outputLines(output))])
}

/** `**path**`, or `**path → path**` where it moved. */
function changeTitle({ path, movedTo }: FileChangeFacts): string {
  return `**${[path, movedTo].filter(Boolean).map(codeSpan).join(' → ')}**`
}

export function authorOf({ by }: ShareEvent): string {
  return visibleLine(by?.label ?? 'user')
}

export function turnMarkdown({ params, by }: ShareEvent): string {
  const turn = objectOf(params.turn)
  const reason = visibleText(textOf(objectOf(turn.error).message))
  const took = numberOf(turn.durationMs)
  const status = visibleLine(textOf(turn.status))
  const who = status === 'interrupted' && by ? ` by ${visibleLine(by.label)}` : ''
  const ending = `Turn ${status}${who}${took === null ? '' : `, ${duration(took)}`}`
  return `${emphasis(`${ending}${reason === '' ? '' : `: ${reason}`}`)}---\n\n`
}

export function planMarkdown(params: ShareEvent['params']): string {
  const steps = listOf(params.plan).map((entry) => {
    const { step, status } = objectOf(entry)
    return `- [${status === 'completed' ? 'x' : ' '}] ${proseLine(textOf(step))}`
  })
  return steps.length === 0 ? '' : `${steps.join('\n')}\n\n`
}

export function paragraph(text: string): string {
  const trimmed = text.replace(/\n+$/, '')
  return trimmed === '' ? '' : `${trimmed}\n\n`
}

function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
}
