/** A process of the fuzz, and the messages to and from it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export class FuzzChild<Order extends object, Report> {
  private readonly child: ChildProcess

  constructor(program: 'ask.ts' | 'attack.ts') {
    this.child = fork(join(import.meta.dirname, program), { execPath: process.execPath, execArgv: [] })
  }

  tell(order: Order): void {
    if (this.child.connected) this.child.send(order)
  }

  /** The next report behind this order. */
  async ask(order: Order): Promise<Report> {
    const ended = once(this.child, 'exit').then(([code]) =>
      Promise.reject(new Error(`a process of the fuzz ended with ${code}`)),
    )
    ended.catch(() => {})
    const report = once(this.child, 'message')
    this.tell(order)
    const [message] = await Promise.race([report, ended])
    return message
  }

  end(): void {
    this.child.kill('SIGKILL')
  }
}
