/** A command as it is shown: behind a `$`, with its further lines under it. Pure. */
import { visibleLines } from '../../protocol/text/visible-text.ts'

export function commandLines(command: string): string[] {
  return visibleLines(command).map((line, index) => `${index === 0 ? '$' : ' '} ${line}`)
}
