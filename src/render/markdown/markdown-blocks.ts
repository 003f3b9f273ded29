/** The parts of a Markdown document, each with an empty line behind it: items, plans, the ends of turns. Pure. */
import { diffLines } from '../items/change-lines.ts'
import { commandLines } from '../items/command-lines.ts'
import type { CommandFacts, FileChangeFacts } from '../items/read-item.ts'
import type { GrowingType } from '../open-items/growing-items.ts'
import type { StepsFacts, TurnEndFacts } from '../reading/readable-event.ts'
import { calendarDay, clockTime, duration } from '../terminal/clock.ts'
import { outputLines, proseText } from '../terminal/prose-text.ts'
import { codeBlock, codeSpan, emphasis, plainText } from './markdown-parts.ts'

/** Paragraphs of an item that grows. */
export function textMarkdown(type: GrowingType, paragraphs: string): string {
  if (type !== 'reasoning' || paragraphs === '') return paragraphs
  return `<details><summary>Reasoning</summary>\n\n${paragraphs}</details>\n\n`
}

export function promptMarkdown({
  who,
  text,
  at,
}: {
  readonly who: string
  readonly text: string
  readonly at: string
}) {
  return `## ${plainText(who)} · ${calendarDay(at)} ${clockTime(at)}\n\n${quote(proseText(text))}\n\n`
}

/** With how it ended, unless that was well. */
export function endedCommandMarkdown(facts: CommandFacts): string {
  const { exitCode, status } = facts
  const ending = exitCode === null ? (status === 'declined' ? '*declined*\n\n' : '') : `*exit ${exitCode}*\n\n`
  return commandMarkdown(facts) + (exitCode === 0 ? '' : ending)
}

export function changeMarkdown(change: FileChangeFacts): string {
  return `${changeTitle(change)}\n\n${codeBlock('diff', diffLines(change))}`
}

export function commandMarkdown({ command, output }: CommandFacts): string {
  return codeBlock('console', [...commandLines(command), ...(output === '' ? [] : outputLines(output))])
}

/** `**path**`, or `**path → path**` where it moved. */
function changeTitle({ path, movedTo }: FileChangeFacts): string {
  return `**${[path, movedTo].filter(Boolean).map(codeSpan).join(' → ')}**`
}

export function turnMarkdown({ status, durationMs, reason, who }: TurnEndFacts): string {
  const author = status === 'interrupted' && who !== '' ? ` by ${who}` : ''
  const ending = `Turn ${status}${author}${durationMs === null ? '' : `, ${duration(durationMs)}`}`
  return `${emphasis(`${ending}${reason === '' ? '' : `: ${reason}`}`)}---\n\n`
}

export function stepsMarkdown({ steps }: StepsFacts): string {
  const lines = steps.map(({ text, status }) => `- [${status === 'completed' ? 'x' : ' '}] ${text}`)
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`
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
