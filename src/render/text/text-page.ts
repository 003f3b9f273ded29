/** Collects a text output, and keeps lines and blank lines apart while pieces stream in. */

export class TextPage {
  private text = ''
  private lineOpen = false
  /** True where a block may begin without a blank line before it: at the very top and under a heading. */
  private fresh = true
  private streaming: string | undefined

  /** The item whose text the last piece belongs to, when nothing else was written since. */
  get streamingItem(): string | undefined {
    return this.streaming
  }

  /** Whole lines, apart from what is above. */
  writeBlock(text: string): void {
    this.separate()
    this.writeLines(text)
  }

  /** Whole lines, directly under what is above. */
  writeLines(text: string): void {
    this.endLine()
    this.text += `${text}\n`
    this.fresh = false
  }

  /** A block that the next one belongs to. */
  writeHeading(text: string): void {
    this.writeBlock(text)
    this.fresh = true
  }

  /** A piece of an item's growing text. Line ends are left unpainted, so that colours never cross one. */
  writePiece(itemId: string, piece: string, paint: (text: string) => string): void {
    if (piece === '') return
    this.text += piece.split('\n').map(paint).join('\n')
    this.lineOpen = !piece.endsWith('\n')
    this.fresh = false
    this.streaming = itemId
  }

  /** Makes room for a block: ends the line, and leaves one blank line where something is above. */
  separate(): void {
    this.endLine()
    if (!this.fresh) this.text += '\n'
    this.fresh = true
  }

  endLine(): void {
    if (this.lineOpen) this.text += '\n'
    this.lineOpen = false
    this.streaming = undefined
  }

  /** What was written since the last call. */
  take(): string {
    const { text } = this
    this.text = ''
    return text
  }
}
