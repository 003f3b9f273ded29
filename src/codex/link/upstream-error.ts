/** An error that the app-server answered with, kept word for word so that it can be passed on as it came. */
import type { WireError } from '../../protocol/errors.ts'

export class UpstreamError extends Error {
  readonly code: number
  readonly data: unknown

  constructor({ code, message, data }: WireError) {
    super(message)
    this.name = 'UpstreamError'
    this.code = code
    this.data = data
  }

  /** The error object of the app-server's reply. `data` is left out when there was none. */
  toWire(): WireError {
    return this.data === undefined
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, data: this.data }
  }
}
