/** Finds the replies to the calls of the grammar in what either socket sends, without reading its frames. */

/** Ids of the grammar's own, as they stand in the replies of the daemon, and in those of Codex. */
const reply = /"id":"(g\d+)",?("result"|"error"|\})/g
/** Longer than any that is looked for. */
const overlap = 40

export class Replies {
  private readonly onReply: (id: string, isAccepted: boolean) => void
  private rest = ''

  constructor(onReply: (id: string, isAccepted: boolean) => void) {
    this.onReply = onReply
  }

  push(data: Buffer): void {
    const text = this.rest + data.toString('latin1')
    let end = Math.max(0, text.length - overlap)
    for (const match of text.matchAll(reply)) {
      this.onReply(String(match[1]), match[2] === '"result"')
      end = Math.max(end, match.index + match[0].length)
    }
    this.rest = text.slice(end)
  }
}
