/** How a plain `codex` is served, in words. */
import type { AdoptionStatus } from '../../protocol/status.ts'
import { visibleLine, visibleLines } from '../../protocol/text/visible-text.ts'
import type { Paint } from '../terminal/theme.ts'

/** Null where none are left out. */
export function leftOutNotice([first, ...more]: readonly string[]): string | null {
  if (first === undefined) return null
  const names = visibleLine([first, ...more].join(', '))
  return `Not passed on, as they look like secrets: ${names}. To keep one: codex-share adopt --refresh --keep ${visibleLine(first)}`
}

export function adoptionLines({ path, state, holder, problem }: AdoptionStatus, paint: Paint): string[] {
  const place = visibleLine(path)
  switch (state) {
    case 'off':
      return ['off: a plain codex uses a server of its own', place]
    case 'listening':
      return [`${paint('good', 'listening')}: every new plain codex comes through here`, place]
    case 'foreign':
      return [
        `${paint('caution', 'foreign')}: Codex has a background server of its own${holder === null ? '' : ` (pid ${holder})`}; its place is taken when it ends`,
        place,
        'To end it now: codex app-server daemon stop. Sessions that are open in it go on here.',
      ]
    case 'waiting': {
      const [first = '', ...more] = visibleLines(problem ?? 'the place is being taken')
      return [`${paint('caution', 'waiting')}: ${first}`, ...more, place]
    }
    default:
      return state satisfies never
  }
}
