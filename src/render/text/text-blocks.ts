/** The blocks of the text output that are not streamed: commands, file changes, plans, the end of a turn. */
import { visibleLine, visibleLines } from '../../protocol/text/visible-text.ts'
import { diffLines } from '../items/change-lines.ts'
import type { CommandFacts, FileChangeFacts } from '../items/read-item.ts'
import type { StepsFacts, TurnEndFacts } from '../reading/readable-event.ts'
import { duration } from '../terminal/clock.ts'
import { truncateToWidth } from '../terminal/display-width.ts'
import { outputLines } from '../terminal/prose-text.ts'
import type { Look, Paint } from '../terminal/theme.ts'
import { foldLines, outputFold } from './fold-lines.ts'

interface BlockStyle {
  readonly paint: Paint
  /** Columns to fit lines into; without a limit when the output is no terminal. */
  readonly width: number
}

const commandFold = { head: 3, tail: 1 }
const diffFold = { head: 24, tail: 6 }

/** `$ npm test`, with further lines of the command under it. */
export function commandHead({ command }: CommandFacts, { paint, width }: BlockStyle): string {
  return foldLines(visibleLines(command), commandFold)
    .map((line, index) => paint('command', truncateToWidth(`${index === 0 ? '$' : ' '} ${line}`, width)))
    .join('\n')
}

/** The folded output and how the command ended. */
export function commandResult(facts: CommandFacts, { paint, width }: BlockStyle): string {
  const output = facts.output.trim() === '' ? [] : foldLines(outputLines(facts.output), outputFold)
  const took = facts.durationMs === null ? '' : ` · ${duration(facts.durationMs)}`
  const [look, ending] = commandEnding(facts)
  return [
    ...output.map((line) => paint('quiet', truncateToWidth(`  ${line}`, width))),
    paint(look, `  ${ending}${took}`),
  ].join('\n')
}

function commandEnding({ exitCode, status }: CommandFacts): readonly [Look, string] {
  if (status === 'declined') return ['caution', 'declined']
  if (exitCode === null) return [status === 'failed' ? 'bad' : 'quiet', status === '' ? 'ended' : visibleLine(status)]
  return [exitCode === 0 ? 'quiet' : 'bad', `exit ${exitCode}`]
}

/** `± src/a.ts +3 -1` and the folded diff. */
export function changeBlock(change: FileChangeFacts, status: string, { paint, width }: BlockStyle): string {
  const lines = diffLines(change)
  const added = lines.filter((line) => line.startsWith('+')).length
  const removed = lines.filter((line) => line.startsWith('-')).length
  const sign = { add: '+', delete: '-' }[change.kind] ?? '±'
  const moved = change.movedTo === '' ? '' : ` → ${change.movedTo}`
  const outcome = status === 'completed' || status === '' ? '' : `  ${visibleLine(status)}`
  const title = truncateToWidth(`${sign} ${change.path}${moved}  +${added} -${removed}${outcome}`, width)
  return [
    paint('command', title),
    ...foldLines(lines, diffFold).map((line) => paint(diffLook(line), truncateToWidth(`  ${line}`, width))),
  ].join('\n')
}

function diffLook(line: string): Look {
  if (line.startsWith('+')) return 'added'
  if (line.startsWith('-')) return 'removed'
  return line.startsWith('@@') ? 'hunk' : 'quiet'
}

const stepMarks: Readonly<Record<string, string>> = { completed: '✔', inProgress: '▸', pending: '○' }

export function stepsBlock({ explanation, steps }: StepsFacts, { paint, width }: BlockStyle): string {
  const lines = steps.map(({ text, status }) => {
    const line = truncateToWidth(`  ${stepMarks[status] ?? '○'} ${text}`, width)
    return status === 'completed' ? paint('quiet', line) : line
  })
  return [paint('heading', 'Plan'), ...(explanation === '' ? [] : [explanation]), ...lines].join('\n')
}

const endings: Readonly<Record<string, readonly [Look, string, string]>> = {
  completed: ['good', '✔ completed', 'in'],
  failed: ['bad', '✖ failed', 'after'],
  interrupted: ['caution', '■ interrupted', 'after'],
}

export interface TurnEnd extends TurnEndFacts {
  /** A reason that was shown already, or the empty string. */
  readonly shownReason: string
}

/** `✔ completed in 3.2 s`, `■ interrupted by ada after 12 s`; a reason follows when it was not shown before. */
export function turnEnd(
  { status, durationMs, reason, who, shownReason: toldReason }: TurnEnd,
  { paint }: Pick<BlockStyle, 'paint'>,
): string {
  const [look, words, preposition] = endings[status] ?? ['quiet', status || 'ended', 'after']
  const author = status === 'interrupted' && who !== '' ? ` by ${who}` : ''
  const took = durationMs === null ? '' : ` ${preposition} ${duration(durationMs)}`
  const because = reason === '' || reason === toldReason ? '' : `: ${reason}`
  return paint(look, words + author + took + because)
}
