/** Text of others inside Markdown of ours, so that it stays inside: in a code span, a code block, or emphasised. Pure. */

/** A code span whose backticks are more than any run inside. The text must be one line. */
export function codeSpan(text: string): string {
  const marks = '`'.repeat(longestRun(text) + 1)
  const room = /^`|`$|^ .* $/.test(text) ? ' ' : ''
  return `${marks}${room}${text}${room}${marks}`
}

/** A code block whose fence is longer than any run of backticks inside. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const body = lines.join('\n')
  const fence = '`'.repeat(Math.max(3, longestRun(body) + 1))
  return `${fence}${language}\n${body}\n${fence}\n\n`
}

/** Emphasised, line by line: emphasis does not cross an empty line. */
export function emphasis(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return `${lines.map((line) => `*${plainText(line.trim())}*`).join('\\\n')}\n\n`
}

/** With nothing in it that Markdown, or HTML in Markdown, would take for its own. */
export function plainText(text: string): string {
  return text.replaceAll(/[\\`*_~<>[\]&]/g, '\\$&')
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length))
}
