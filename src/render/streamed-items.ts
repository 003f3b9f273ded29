/** Shows items that grow by deltas (answers, plans, reasoning) exactly once, whatever part of their deltas was seen. */

import { proseText } from './prose-text.ts'
import { type Item, itemText } from './read-item.ts'
import type { TextPage } from './text-page.ts'

interface OpenItem {
  /** All text received so far, as it came. */
  received: string
  shown: boolean
}

type PaintText = (text: string) => string

export class StreamedItems {
  private readonly page: TextPage
  private readonly open = new Map<string, OpenItem>()

  constructor(page: TextPage) {
    this.page = page
  }

  started(item: Item): void {
    this.open.set(item.id, { received: itemText(item), shown: false })
  }

  /** Deltas of an item whose start was not seen are not shown: its beginning is missing, and `completed` brings the whole. */
  canGrow(itemId: string): boolean {
    return this.open.has(itemId)
  }

  delta(itemId: string, piece: string, paint: PaintText): void {
    const item = this.open.get(itemId)
    if (!item || piece === '') return
    this.write(itemId, item, item.shown ? piece : item.received + piece, paint)
    item.received += piece
  }

  /** The final text rules: what was not shown yet follows, and a text that differs from what was shown is shown whole. */
  completed(item: Item, paint: PaintText): void {
    const final = itemText(item).replace(/\n+$/, '')
    const open = this.open.get(item.id) ?? { received: '', shown: false }
    this.open.delete(item.id)
    if (!open.shown) open.received = ''
    const rest = final.startsWith(open.received) ? final.slice(open.received.length) : undefined
    if (rest !== undefined) {
      if (rest !== '') this.write(item.id, open, rest, paint)
    } else if (open.received.trimEnd() !== final) {
      this.page.separate()
      this.write(item.id, { received: '', shown: true }, final, paint)
    }
    if (this.page.streamingItem === item.id) this.page.endLine()
  }

  /** Forgets items that a turn left open. */
  clear(): void {
    this.open.clear()
  }

  private write(itemId: string, item: OpenItem, text: string, paint: PaintText): void {
    if (this.page.streamingItem !== itemId) this.page.separate()
    this.page.stream(itemId, proseText(text), paint)
    item.shown = true
  }
}
