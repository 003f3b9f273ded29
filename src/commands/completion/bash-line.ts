/** A line as bash has it under the cursor: its words without their quotes, and what to put there for a candidate. Pure. */

interface BashLine {
  /** The last is the one to be completed, maybe empty. */
  readonly words: readonly string[]
  /** What bash is to insert for a whole last word: only what readline will replace, quoted as the word was begun. */
  insertionFor(text: string): string
}

/** In bash these begin a word of readline's, and belong to it. */
const special = '@$'

/** `breaks` is `$COMP_WORDBREAKS`: readline replaces only what is behind the last of these, or behind a quote. */
export function readBashLine(line: string, breaks: string): BashLine {
  const words: string[] = []
  let word = ''
  let isBegun = false
  let quote = ''
  let replacedFrom = 0
  const characters = [...line]
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? ''
    if (/\s/.test(character) && quote === '') {
      if (isBegun) words.push(word)
      word = ''
      isBegun = false
      replacedFrom = 0
      continue
    }
    isBegun = true
    if (quote === '' ? `'"`.includes(character) : character === quote) {
      quote = quote === '' ? character : ''
      replacedFrom = word.length
    } else if (character === '\\' && isEscape(quote, characters[at + 1])) {
      word += characters[++at] ?? ''
    } else {
      word += character
      if (quote === '' && breaks.includes(character)) replacedFrom = word.length - (special.includes(character) ? 1 : 0)
    }
  }
  return { words: [...words, word], insertionFor: (text) => quoteFor(text.slice(replacedFrom), quote) }
}

function isEscape(quote: string, next = ''): boolean {
  return quote === '' || (quote === '"' && '"\\$`'.includes(next))
}

function quoteFor(text: string, quote: string): string {
  if (quote === "'") return text.replaceAll("'", `'\\''`)
  if (quote === '"') return text.replaceAll(/["\\$`]/g, '\\$&')
  return text.replaceAll(/[^\p{L}\p{N}_@%+=:,./-]/gu, '\\$&')
}
