/**
 * Parts that are closed in the reverse of the order in which they were opened. `AsyncDisposableStack` does this from Node 24 on; we run
 * on Node 22 too, and its dispose takes no argument: the app-server may end with the daemon or keep running.
 */

export interface DaemonEnd {
  /** Whether the app-server ends with the daemon. */
  readonly appServer: boolean
}

export interface Closable {
  close(end: DaemonEnd): unknown
}

/** What a stage of the start has opened. Its close is idempotent. */
export interface Stage<T> {
  readonly parts: T
  close(end: DaemonEnd): Promise<void>
}

export class CloseStack {
  private readonly opened: Closable[] = []
  private closing: Promise<void> | undefined

  use<T extends Closable>(part: T): T {
    this.opened.push(part)
    return part
  }

  /** Has the stage closed in its turn; returns what it opened. */
  open<T>(stage: Stage<T>): T {
    return this.use(stage).parts
  }

  /** Closes all parts, once. A part that fails keeps none of the others open; the first failure is thrown when all are closed. */
  close(end: DaemonEnd): Promise<void> {
    this.closing ??= this.closeAll(end)
    return this.closing
  }

  private async closeAll(end: DaemonEnd): Promise<void> {
    const failures: unknown[] = []
    for (const part of this.opened.toReversed())
      try {
        await part.close(end)
      } catch (error) {
        failures.push(error)
      }
    if (failures.length > 0) throw failures[0]
  }
}

/**
 * Opens parts one after the other. When one cannot be opened, those before it are closed and the app-server keeps running.
 *
 * @throws what `open` throws, whatever the closing throws besides
 */
export async function openStage<T>(open: (stack: CloseStack) => T | Promise<T>): Promise<Stage<T>> {
  const stack = new CloseStack()
  try {
    return { parts: await open(stack), close: (end) => stack.close(end) }
  } catch (error) {
    await stack.close({ appServer: false }).catch(() => {})
    throw error
  }
}
