/** The Codex that would be started now: an update on disk does not reach the app-server that runs. */
import { stat } from 'node:fs/promises'
import { codexVersion } from './codex-version.ts'
import type { CodexBinary } from './find-codex.ts'

/** A wrapper stays as it is when what it starts is updated: so often it is asked again, milliseconds. */
const askAgainMs = 60_000
const answerMs = 3000

export interface InstalledCodexOptions {
  readonly find: () => Promise<CodexBinary>
  readonly env: NodeJS.ProcessEnv
}

export class InstalledCodex {
  private readonly options: InstalledCodexOptions
  private asked: { readonly program: string; readonly atMs: number; readonly version: Promise<string> } | undefined

  constructor(options: InstalledCodexOptions) {
    this.options = options
  }

  /** Null where there is none that can be used. The program is run when it is another, and else once a minute. */
  async version(): Promise<string | null> {
    try {
      const codex = await this.options.find()
      const { ino, mtimeMs, size } = await stat(codex.path)
      const [program, atMs] = [[codex.path, ino, mtimeMs, size].join(' '), performance.now()]
      if (this.asked?.program !== program || atMs - this.asked.atMs > askAgainMs) {
        const version = codexVersion(codex, { env: this.options.env, timeoutMs: answerMs })
        this.asked = { program, atMs, version }
      }
      return await this.asked.version
    } catch {
      this.asked = undefined
      return null // The supervisor says what is wrong with it, when it needs one.
    }
  }
}
