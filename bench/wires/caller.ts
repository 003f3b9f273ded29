/** Requests and notifications on a wire, for both sides: the daemon's and the app-server's. */
import type { OnMessage, Wire } from './wire.ts'

export type Loose = Record<string, unknown>

export interface CallerOptions {
  readonly open: (onMessage: OnMessage) => Promise<Wire>
  /** Added to every message: the daemon wants `jsonrpc`, the app-server does not. */
  readonly envelope: Loose
  /** Looks at a message before it is parsed, and keeps it for itself by returning true. */
  readonly intercept?: ((bytes: Buffer, start: number, end: number) => boolean) | undefined
  readonly onNotification?: ((method: string, params: Loose) => void) | undefined
}

export interface Caller extends Wire {
  call(method: string, params: Loose): Promise<Loose>
  notify(method: string, params: Loose): void
}

export async function openCaller({ open, envelope, intercept, onNotification }: CallerOptions): Promise<Caller> {
  const pending = new Map<number, PromiseWithResolvers<Loose>>()
  let lastId = 0
  const wire = await open((bytes, start, end) => {
    if (intercept?.(bytes, start, end)) return
    const message: Loose = JSON.parse(bytes.toString('utf8', start, end))
    const { id, method, params, result, error } = message
    if (typeof method === 'string') return onNotification?.(method, (params ?? {}) as Loose)
    const waiting = pending.get(Number(id))
    pending.delete(Number(id))
    if (error) waiting?.reject(new Error(JSON.stringify(error)))
    else waiting?.resolve(result as Loose)
  })
  return {
    ...wire,
    call(method, params) {
      const id = ++lastId
      const waiting = Promise.withResolvers<Loose>()
      pending.set(id, waiting)
      wire.send(JSON.stringify({ ...envelope, id, method, params }))
      return waiting.promise
    },
    notify: (method, params) => wire.send(JSON.stringify({ ...envelope, method, params })),
  }
}
