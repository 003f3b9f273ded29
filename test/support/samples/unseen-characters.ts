/** The characters that do not show as themselves: the whole table, by hand from the Unicode charts, and samples of it. */
import { seededRandom } from '../../soak/random.ts'

/** First and last code points. Tab and line feed are in none of them: how they are shown is tested by itself. */
export const unseenRanges: readonly (readonly [first: number, last: number, what: string])[] = [
  [0x00, 0x08, 'C0'],
  [0x0b, 0x1f, 'C0'],
  [0x7f, 0xa0, 'DEL, C1, no-break space'],
  [0xad, 0xad, 'soft hyphen'],
  [0x34f, 0x34f, 'combining grapheme joiner'],
  [0x61c, 0x61c, 'Arabic letter mark'],
  [0x115f, 0x1160, 'Hangul fillers'],
  [0x1680, 0x1680, 'Ogham space'],
  [0x17b4, 0x17b5, 'Khmer inherent vowels'],
  [0x180b, 0x180f, 'Mongolian selectors and vowel separator'],
  [0x2000, 0x200f, 'spaces, zero-width characters, direction marks'],
  [0x2028, 0x202f, 'line and paragraph separator, embeddings, narrow no-break space'],
  [0x205f, 0x206f, 'mathematical space, invisible operators, isolates'],
  [0x2800, 0x2800, 'empty braille pattern'],
  [0x3000, 0x3000, 'ideographic space'],
  [0x3164, 0x3164, 'Hangul filler'],
  [0xd800, 0xdfff, 'halves of surrogate pairs'],
  [0xfdd0, 0xfdef, 'noncharacters'],
  [0xfe00, 0xfe0f, 'variation selectors'],
  [0xfeff, 0xfeff, 'byte order mark'],
  [0xffa0, 0xffa0, 'halfwidth Hangul filler'],
  [0xfff0, 0xfffb, 'reserved, interlinear annotations'],
  [0xfffe, 0xffff, 'noncharacters'],
  [0x1bca0, 0x1bca3, 'shorthand controls'],
  [0x1d159, 0x1d159, 'null notehead'],
  [0x1d173, 0x1d17a, 'musical controls'],
  [0xe0000, 0xe0fff, 'tags, variation selectors 17 to 256'],
]

/** Every one of them. */
export function everyUnseen(): string[] {
  return unseenRanges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index)),
  )
}

/** The ends of every range, and `count` more by chance. */
export function someUnseen(seed: number, count = 40): string[] {
  const random = seededRandom(seed)
  const all = everyUnseen()
  return [
    ...unseenRanges.flatMap(([first, last]) => [String.fromCodePoint(first), String.fromCodePoint(last)]),
    ...Array.from({ length: count }, () => all[Math.floor(random() * all.length)] ?? ''),
  ]
}

/** Text in which every character shows: it stays as it is. */
export const shownTexts = [
  'ls -la ~/src',
  'Größe „x“ – 3 €',
  'naïve e\u0301',
  '漢字かな한글',
  'до свидания',
  'שלום',
  '● → ✔ 😀',
]

/** Where a text still has a character that does not show; undefined when it has none. Line ends are lines. */
export function leftUnseen(text: string): string | undefined {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const range = unseenRanges.find(([first, last]) => code >= first && code <= last)
    if (range || character === '\t') return `U+${code.toString(16)} (${range?.[2] ?? 'tab'}) in ${JSON.stringify(text)}`
  }
  return undefined
}
