/** Markdown as text for a terminal. Pure. */
import type { Style } from '../theme/style.ts'

export function markdownText(text: string, _style: Style): string {
  return text
}
