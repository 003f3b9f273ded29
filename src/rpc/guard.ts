/** Runs what the events of one connection call, so that what is thrown there is that connection's affair and reaches nobody else. */

export class Guard {
  /** Takes what was thrown, or what a promise that nobody waits for was rejected with. */
  readonly failed: (error: unknown) => void

  constructor(failed: (error: unknown) => void) {
    this.failed = failed
  }

  run(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.failed(error)
    }
  }
}

/** For a process that has just this one connection: what is thrown goes up to the event it came by. */
export const unguarded = new Guard((error) => {
  throw error
})
