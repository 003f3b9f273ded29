/** Hands calls to a listener that is built after the part that makes them. */

export class LateListener<T> {
  private listener: ((value: T) => void) | undefined
  private early: T[] = []

  /** What is called before there is a listener waits for it. */
  readonly call = (value: T): void => {
    if (this.listener) this.listener(value)
    else this.early.push(value)
  }

  /** To be called once. */
  set(listener: (value: T) => void): void {
    if (this.listener) throw new Error('there is a listener already')
    this.listener = listener
    for (const value of this.early.splice(0)) listener(value)
  }
}
