/** A finished block as the text that is written to the terminal. Pure. */
import { clockTime } from '../../render/clock.ts'
import { truncateToWidth } from '../../render/display-width.ts'
import { changeBlock, commandHead, commandResult, planBlock, turnEnd } from '../../render/text-blocks.ts'
import type { Look } from '../../render/theme.ts'
import type { BlockBody } from '../state/block.ts'
import type { Style } from '../theme/style.ts'
import { markdownText } from './markdown-text.ts'
import { wrapIndented } from './wrap-lines.ts'

/** Begins with an empty line where the block stands apart from what is above it. */
export function blockText(block: BlockBody, style: Style): string {
  const { paint, width } = style
  switch (block.kind) {
    case 'session':
      return `\n${block.facts.map(([name, value]) => `${paint('quiet', name.padEnd(7))} ${value}`).join('\n')}`
    case 'prompt': {
      const who = block.own ? `${block.who} (you)` : block.who
      const head = `${paint('person', `› ${who}`)}  ${paint('quiet', clockTime(block.at))}`
      return `\n${head}\n${indented(block.text, width)}`
    }
    case 'speech':
      return `\n${speech(block, style)}`
    case 'command':
      return `\n${commandHead(block.facts, style)}\n${commandResult(block.facts, style)}`
    case 'change':
      return `\n${changeBlock(block.change, block.status, { paint, width })}`
    case 'steps':
      return `\n${planBlock(block.params, style)}`
    case 'notice':
      return notice(block, style)
    case 'page':
      return `\n${paint('heading', block.title)}\n${indented(block.lines.join('\n'), width)}`
    case 'turnEnd':
      return `\n${paint('quiet', '─'.repeat(style.screenReader ? 0 : Math.min(3, width)))} ${truncateToWidth(turnEnd(block, { paint: plain, width }), width * 4)}`
    default:
      return block satisfies never
  }
}

/** Its mark has the look. The words are to be read, or copied, and keep the terminal's own colour. */
function notice({ look, text }: Extract<BlockBody, { kind: 'notice' }>, { paint, width }: Style): string {
  const lines = wrapIndented(text, width)
  if (look === 'quiet') return lines.map((line) => paint(look, line)).join('\n')
  return lines.join('\n').replace(/\S+/, (mark) => paint(look, mark))
}

const plain = (_look: Look, text: string) => text

const speakers = { answer: 'codex', plan: 'codex · plan', reasoning: 'codex · thinking' } as const

/** The text of an answer, whole or in part, under its heading. */
export function speech(block: Omit<Extract<BlockBody, { kind: 'speech' }>, 'kind'>, style: Style): string {
  const { paint } = style
  const body = markdownText(block.text, style)
  const look = block.speech === 'reasoning' ? dimmed(body, style) : body
  return block.first ? `${paint('codex', speakers[block.speech])}\n${look}` : look
}

function dimmed(text: string, { paint }: Style): string {
  return text
    .split('\n')
    .map((line) => paint('quiet', line))
    .join('\n')
}

function indented(text: string, width: number): string {
  const lines = text.split('\n').map((line) => `  ${line}`)
  return wrapIndented(lines.join('\n'), width).join('\n')
}
