/**
 * Draws a captured terminal screen as an SVG, for the README:
 *
 *   tmux capture-pane -e -p | node scripts/terminal-picture.ts > docs/terminal-ui.svg
 */
const cell = { width: 8.4, height: 18 }
const palette = ['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4']
const bright = ['#6e7681', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#f0f6fc']

interface Style {
  colour: string
  bold: boolean
  dim: boolean
  italic: boolean
}
const plain: Style = { colour: '#e6edf3', bold: false, dim: false, italic: false }

/** The style after one SGR sequence; what is not known here changes nothing. */
function styled(style: Style, codes: readonly number[]): Style {
  const next = { ...style }
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0
    if (code === 0) Object.assign(next, plain)
    else if (code === 1) next.bold = true
    else if (code === 2) next.dim = true
    else if (code === 3) next.italic = true
    else if (code === 22) Object.assign(next, { bold: false, dim: false })
    else if (code === 23) next.italic = false
    else if (code >= 30 && code <= 37) next.colour = palette[code - 30] ?? plain.colour
    else if (code >= 90 && code <= 97) next.colour = bright[code - 90] ?? plain.colour
    else if (code === 39) next.colour = plain.colour
    else if (code === 38 && codes[index + 1] === 5) {
      const number = codes[index + 2] ?? 7
      next.colour = [...palette, ...bright][number] ?? plain.colour
      index += 2
    } else if (code === 38 && codes[index + 1] === 2) {
      next.colour = `rgb(${codes.slice(index + 2, index + 5).join(',')})`
      index += 4
    }
  }
  return next
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

let style = plain
function drawLine(line: string, row: number): string {
  let column = 0
  const spans: string[] = []
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this is about
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
    const sequence = /^\x1b\[([\d;]*)m$/.exec(part)
    if (sequence) {
      style = styled(style, (sequence[1] || '0').split(';').map(Number))
      continue
    }
    if (part.trim() !== '') {
      const { colour, bold, dim, italic } = style
      const looks = `${bold ? ' font-weight="bold"' : ''}${dim ? ' opacity="0.6"' : ''}${italic ? ' font-style="italic"' : ''}`
      const place = `x="${(16 + column * cell.width).toFixed(1)}" y="${34 + row * cell.height}"`
      spans.push(`<text ${place} fill="${colour}"${looks} xml:space="preserve">${escaped(part)}</text>`)
    }
    column += [...part].length
  }
  return spans.join('')
}

const chunks: Buffer[] = []
for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\n')
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const columns = Math.max(...lines.map((line) => [...line.replaceAll(/\x1b\[[\d;]*m/g, '')].length), 60)
const [width, height] = [columns * cell.width + 32, lines.length * cell.height + 36]
const font = `font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14"`
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" ${font}>
<title>A terminal screen</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${lines.map(drawLine).join('\n')}
</svg>
`)
