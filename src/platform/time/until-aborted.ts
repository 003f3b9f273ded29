/** Stops waiting for something when a signal fires, without pretending that the thing itself was stopped. */

/** @throws the signal's reason as soon as it fires, else what the promise throws */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
    // Whoever loses the race may still fail later, when nobody listens any more.
    promise.catch(() => {})
  }
}
