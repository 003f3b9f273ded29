/** A finished block as the text that is written to the terminal. Pure. */

import type { CommandFacts } from '../../render/items/read-item.ts'
import { clockTime } from '../../render/terminal/clock.ts'
import { truncateToWidth } from '../../render/terminal/display-width.ts'
import { proseText } from '../../render/terminal/prose-text.ts'
import type { Look } from '../../render/terminal/theme.ts'
import { changeBlock, commandHead, commandResult, stepsBlock, turnEnd } from '../../render/text/text-blocks.ts'
import type { BlockBody } from '../state/transcript/block.ts'
import { spokenText } from '../theme/spoken-text.ts'
import type { Style } from '../theme/style.ts'
import { markdownText } from './markdown-text.ts'
import { factLine } from './menu-parts.ts'
import { wrapIndented } from './wrap-lines.ts'

/** Begins with an empty line where the block stands apart from what is above it. */
export function blockText(block: BlockBody, style: Style): string {
  const { paint, width } = style
  switch (block.kind) {
    case 'session':
      return `\n${block.facts.map(([name, value]) => factLine(name, value, style)).join('\n')}`
    case 'prompt': {
      if (style.screenReader) {
        const who = block.own ? 'you' : block.who
        return `\n${who}, ${clockTime(block.at)}:\n${indent(block.text, width)}`
      }
      const who = block.own ? `${block.who} (you)` : block.who
      const head = `${paint('person', `› ${who}`)}  ${paint('quiet', clockTime(block.at))}`
      return `\n${head}\n${indent(block.text, width)}`
    }
    case 'speech':
      return `\n${speechText(block, style)}`
    case 'command':
      return `\n${commandText(block.facts, style)}`
    case 'change':
      // Its title is ours, and not the lines of the diff below.
      return `\n${changeBlock(block.change, block.status, { paint, width }).replace(/^.*/, (title) => spokenText(title, style))}`
    case 'steps':
      return `\n${spokenSteps(stepsBlock(block, style), style)}`
    case 'notice':
      return noticeText(block, style)
    case 'page':
      return `\n${paint('heading', block.title)}\n${indent(block.lines.map((line) => spokenText(proseText(line), style)).join('\n'), width)}`
    case 'question':
      return `\n${paint('heading', block.title)}\n${indent(block.lines.join('\n'), width)}`
    case 'turnEnd':
      return `\n${turnLine(truncateToWidth(turnEnd(block, { paint: plain }), width * 4), style)}`
    default:
      return block satisfies never
  }
}

function commandText(facts: CommandFacts, style: Style): string {
  const [head, result] = [commandHead(facts, style), commandResult(facts, style)]
  if (!style.screenReader) return `${head}\n${result}`
  // How it ended is the last line; what it printed is above.
  return `${head.replace(/^\$/, 'command:')}\n${result.replace(/.*$/, (ending) => spokenText(ending, style))}`
}

function turnLine(text: string, style: Style): string {
  return style.screenReader
    ? spokenText(text, style)
    : `${style.paint('quiet', '─'.repeat(Math.min(3, style.width)))} ${text}`
}

const stepWords: Readonly<Record<string, string>> = { '✔': 'done:', '▸': 'now:', '○': 'to do:' }

function spokenSteps(text: string, { screenReader }: Style): string {
  return screenReader ? text.replace(/^ {2}([✔▸○])/gmu, (_line, mark: string) => `  ${stepWords[mark]}`) : text
}

/** Its mark has the look. The words are to be read, or copied, and keep the terminal's own colour. */
function noticeText({ look, text }: Extract<BlockBody, { kind: 'notice' }>, style: Style): string {
  const { paint, width } = style
  const lines = wrapIndented(spokenText(proseText(text), style), width)
  if (look === 'quiet') return lines.map((line) => paint(look, line)).join('\n')
  return lines.join('\n').replace(/\S+/, (mark) => paint(look, mark))
}

const plain = (_look: Look, text: string) => text

const speakers = { answer: 'codex', plan: 'codex · plan', reasoning: 'codex · thinking' } as const

/** The text of an answer, whole or in part, under its heading. */
export function speechText(block: Omit<Extract<BlockBody, { kind: 'speech' }>, 'kind'>, style: Style): string {
  const { paint } = style
  const body = markdownText(block.text, style)
  const look = block.speech === 'reasoning' ? dim(body, style) : body
  const who = paint('codex', spokenText(speakers[block.speech], style))
  return block.first ? `${who}${style.screenReader ? ':' : ''}\n${look}` : look
}

function dim(text: string, { paint }: Style): string {
  return text
    .split('\n')
    .map((line) => paint('quiet', line))
    .join('\n')
}

function indent(text: string, width: number): string {
  const lines = text.split('\n').map((line) => `  ${line}`)
  return wrapIndented(lines.join('\n'), width).join('\n')
}
