/** Writes items that grow by deltas (answers, plans, reasoning): as they grow or once they are complete, and each text exactly once. */

import { GrowingItems, type GrowingType } from '../open-items/growing-items.ts'
import { correction, type GrowingText, hasContent, hole, holeForNow, nothingYet } from '../open-items/growing-text.ts'
import { proseText } from '../terminal/prose-text.ts'
import type { Paint } from '../terminal/theme.ts'
import type { TextPage } from './text-page.ts'

interface StreamedItemsOptions {
  readonly page: TextPage
  readonly paint: Paint
  /** Each piece is written as it comes; otherwise an item when it is complete, or when nothing more comes of it. */
  readonly live: boolean
  /** Called before anything is written. */
  readonly onWrite: () => void
}

export class StreamedItems {
  private readonly options: StreamedItemsOptions
  private readonly open = new GrowingItems()
  /** What is written of open items. */
  private readonly written = new Map<string, GrowingText>()
  private readonly cut = new Set<string>()
  /** Items with a hole of which nothing else is known yet. */
  private readonly missedUnseen = new Set<string>()

  constructor(options: StreamedItemsOptions) {
    this.options = options
  }

  start(id: string, type: GrowingType, text: string): void {
    this.open.start(id, type, text)
  }

  /** Where something is missing nothing more is written for now: the complete item has it, and where it belongs. */
  append(id: string, type: GrowingType, piece: string): void {
    const item = this.open.append(id, type, piece)
    if (!this.options.live) return
    if (this.missedUnseen.delete(id)) this.writeMark(holeForNow)
    if (item.behind.length > 0 || piece === '') return
    this.write(id, type, item.beginning.slice(this.writtenOf(id).beginning.length))
    this.written.set(id, item)
  }

  /** Something of these items will not come, unless they are completed. */
  addHoles(ids: readonly string[]): void {
    for (const id of ids) {
      const before = this.open.addHole(id)
      if (!before) this.missedUnseen.add(id)
      else if (this.options.live && before.behind.length === 0) this.writeMark(holeForNow)
    }
  }

  /** The final text rules: what is not written yet follows, and a text that differs from what is written is written whole. */
  complete(id: string, type: GrowingType, text: string): void {
    const final = text.replace(/\n+$/, '')
    const { beginning, behind } = this.writtenOf(id)
    this.open.remove(id)
    this.written.delete(id)
    this.missedUnseen.delete(id)
    if (behind.length === 0 && final.startsWith(beginning)) this.write(id, type, final.slice(beginning.length))
    else if (behind.length > 0 || beginning.trimEnd() !== final) {
      this.writeMark(correction)
      this.write(id, type, final)
    }
    const { page } = this.options
    if (page.streamingItem === id) page.endLine()
  }

  /** Somebody steers the turn: what is being written ends here. Returns whether anything was. */
  cutShort(): boolean {
    const cut = this.open.list().filter((item) => hasContent(item) && !this.cut.has(item.id))
    this.writeOpen()
    for (const { id } of cut) this.cut.add(id)
    return cut.length > 0
  }

  /** Writes what came of items that are not complete, with a mark where something is missing. */
  private writeOpen(): void {
    for (const item of this.open.list()) {
      const before = this.writtenOf(item.id)
      this.write(item.id, item.type, item.beginning.slice(before.beginning.length))
      for (const [index, piece] of item.behind.entries()) {
        const seen = before.behind[index]
        if (seen === undefined) this.writeMark(hole)
        this.write(item.id, item.type, piece.slice(seen?.length ?? 0))
      }
      this.written.set(item.id, item)
    }
  }

  /** The turn is over: what it left open stays as it is. */
  endTurn(): void {
    this.writeOpen()
    this.open.clear()
    this.written.clear()
    this.cut.clear()
    this.missedUnseen.clear()
  }

  private writtenOf(id: string): GrowingText {
    return this.written.get(id) ?? nothingYet
  }

  private writeMark(words: string): void {
    const { page, paint, onWrite } = this.options
    onWrite()
    page.writeBlock(paint('caution', words))
  }

  private write(id: string, type: GrowingType, text: string): void {
    if (text === '') return
    const { page, paint, onWrite } = this.options
    onWrite()
    if (page.streamingItem !== id) page.separate()
    page.writePiece(id, proseText(text), type === 'reasoning' ? (line) => paint('quiet', line) : (line) => line)
  }
}
