/** Markdown as text for a terminal: wrapped to its columns, lists and quotes with their indent on every line. Pure. */
import { lexer, type Token, type Tokens } from 'marked'
import { displayWidth, padToWidth, truncateToWidth } from '../../render/terminal/display-width.ts'
import { proseText } from '../../render/terminal/prose-text.ts'
import type { Style } from '../theme/style.ts'
import { wrapLines } from './wrap-lines.ts'

/** Without an empty line at its end. */
export function markdownText(text: string, style: Style): string {
  return linesOfBlocks(lexer(text), style).join('\n')
}

function linesOfBlocks(tokens: readonly Token[], style: Style): string[] {
  const lines: string[] = []
  for (const token of tokens) {
    if (token.type === 'space' || token.type === 'def') continue
    const block = blockLines(token, style)
    // Apart from each other, as in the source; the items of a tight list are one block here.
    if (lines.length > 0 && block.length > 0) lines.push('')
    lines.push(...block)
  }
  return lines
}

function blockLines(token: Token, style: Style): string[] {
  const { paint, width, screenReader } = style
  switch (token.type) {
    case 'heading':
      return wrapLines(
        paint(
          'heading',
          `${screenReader ? 'heading:' : '#'.repeat(token.depth)} ${inlineText(token.tokens ?? [], style)}`,
        ),
        width,
      )
    case 'paragraph':
    case 'text':
      return wrapLines(inlineText(token.tokens ?? [token], style), width)
    case 'code':
      return codeLines(token as Tokens.Code, style)
    case 'list':
      return (token as Tokens.List).items.flatMap((item, index) => itemLines(token as Tokens.List, item, index, style))
    case 'blockquote': {
      const mark = screenReader ? 'quote: ' : '▏ '
      return prefixLines(
        linesOfBlocks(token.tokens ?? [], { ...style, width: width - mark.length }),
        paint('quiet', mark),
      )
    }
    case 'table':
      return tableLines(token as Tokens.Table, style)
    case 'hr':
      return screenReader ? [] : [paint('quiet', '─'.repeat(Math.min(width, 20)))]
    default:
      return wrapLines(token.raw.replace(/\n+$/, ''), width)
  }
}

function codeLines({ text, lang }: Tokens.Code, { paint, highlight, width }: Style): string[] {
  const language = lang?.split(/\s/)[0] ?? ''
  const painted = highlight?.(text, language) ?? text
  const label = language === '' ? [] : [paint('quiet', `  ${truncateToWidth(language, width - 2)}`)]
  return [...label, ...prefixLines(wrapLines(painted, width - 2), '  ')]
}

function itemLines({ ordered, start }: Tokens.List, item: Tokens.ListItem, index: number, style: Style): string[] {
  const bullet = style.screenReader ? '- ' : '• '
  const mark = ordered ? `${Number(start || 1) + index}. ` : item.task ? (item.checked ? '[x] ' : '[ ] ') : bullet
  const inner = { ...style, width: Math.max(10, style.width - mark.length) }
  const tokens = item.tokens.filter(({ type }) => type !== 'checkbox')
  const body = item.loose ? linesOfBlocks(tokens, inner) : tokens.flatMap((token) => blockLines(token, inner))
  return body.map((line, row) => `${row === 0 ? style.paint('quiet', mark) : ' '.repeat(mark.length)}${line}`)
}

function tableLines({ header, rows }: Tokens.Table, style: Style): string[] {
  const text = (cell: Tokens.TableCell) => inlineText(cell.tokens, { ...style, paint: (_look, plain) => plain })
  if (style.screenReader)
    return spokenTable(
      header.map(text),
      rows.map((cells) => cells.map(text)),
      style,
    )
  const all = [header, ...rows].map((cells) => cells.map(text))
  const room = Math.max(3, Math.floor(style.width / header.length) - 3)
  const widths = header.map((_, column) =>
    Math.min(room, Math.max(...all.map((row) => displayWidth(row[column] ?? '')))),
  )
  const lines = all.map((row) =>
    widths.map((size, column) => padToWidth(truncateToWidth(row[column] ?? '', size), size)).join(' │ '),
  )
  const [first = '', ...others] = lines
  return [
    style.paint('heading', first),
    style.paint('quiet', widths.map((size) => '─'.repeat(size)).join('─┼─')),
    ...others,
  ]
}

/** A row is a line that says what each of its cells is. */
function spokenTable(names: readonly string[], rows: readonly (readonly string[])[], { width }: Style): string[] {
  return rows.flatMap((cells) => wrapLines(cells.map((cell, column) => `${names[column]}: ${cell}`).join('; '), width))
}

function prefixLines(lines: readonly string[], prefix: string): string[] {
  return lines.map((line) => prefix + line)
}

/** Marks stay where they say something that colours and bold type may not show. */
function inlineText(tokens: readonly Token[], style: Style): string {
  const { paint } = style
  return tokens
    .map((token): string => {
      switch (token.type) {
        case 'strong':
          return paint('heading', inlineText(token.tokens ?? [], style))
        case 'em':
          return `*${inlineText(token.tokens ?? [], style)}*`
        case 'codespan':
          return paint('command', `\`${token.text}\``)
        case 'del':
          return `~${inlineText(token.tokens ?? [], style)}~`
        case 'link': {
          const words = inlineText(token.tokens ?? [], style)
          return words === token.href ? words : `${words} (${token.href})`
        }
        case 'image':
          return `[image: ${token.text}] (${token.href})`
        case 'br':
          return '\n'
        case 'text':
          // An entity, such as `&#27;`, has become its character only here.
          return token.tokens ? inlineText(token.tokens, style) : proseText(token.text)
        case 'escape':
          return token.text
        default:
          return token.raw
      }
    })
    .join('')
}
