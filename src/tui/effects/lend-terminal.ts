/** Gives the terminal to another program for a while: the person's editor for the draft, their pager for the thread. */
import { spawn } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextLoop } from 'node:timers/promises'
import type { useApp } from 'ink'
import { ShareError } from '../../protocol/errors.ts'
import { createTextRenderer } from '../../render/text/text-renderer.ts'
import type { ThreadSession } from '../session/thread-session.ts'
import { showHint, type UiContext, whileTrying } from './ui-context.ts'

export async function editDraft(ui: UiContext, suspend: Suspend): Promise<void> {
  const { store, env } = ui
  const editor = env.VISUAL || env.EDITOR || 'vi'
  const file = (dir: string) => join(dir, 'prompt.md')
  await withFolder(async (dir) => {
    await writeFile(file(dir), store.state.composer.text, { mode: 0o600 })
    await suspend(() => run(editor, file(dir), { env, hint: 'Your draft is as it was. EDITOR names another editor.' }))
    const text = (await readFile(file(dir), 'utf8')).replace(/\n$/, '')
    store.dispatch({ type: 'edit', edit: { edit: 'replace', text } })
  })
}

const pagerHint = 'PAGER names another pager.'

/** The whole thread as text, in the person's pager, at its end. */
export async function pageThread(ui: UiContext, suspend: Suspend): Promise<void> {
  const { current, env } = ui
  if (!current) return showHint(ui, 'no thread is open')
  await withFolder(async (dir) => {
    const file = join(dir, 'thread.txt')
    const isEmpty = await whileTrying(ui, 'reading the thread…', ({ signal }) => writeThread(current, file, signal))
    if (isEmpty) return showHint(ui, 'nothing was said in this thread yet')
    // `less` is what most pagers are, and others do not mind.
    const less = `${env.LESS ?? ''} +G`.trim()
    await suspend(() => run(env.PAGER || 'less', file, { env: { ...env, LESS: less }, hint: pagerHint }))
  })
}

/** Piece by piece: a thread may be larger than what one would like to keep in memory. */
async function writeThread(session: ThreadSession, file: string, signal: AbortSignal): Promise<boolean> {
  const renderer = createTextRenderer({ colour: false })
  let written = 0
  const write = async (text: string) => {
    written += text.length
    await appendFile(file, text, { mode: 0o600 })
  }
  for await (const events of session.readHistory(signal))
    await write(events.map((event) => renderer.renderEvent(event)).join(''))
  await write(renderer.finish())
  return written === 0
}

async function withFolder(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'codex-share-'))
  try {
    await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

interface RunOptions {
  readonly env: NodeJS.ProcessEnv
  /** What to do when it fails. */
  readonly hint: string
}

/** The variables may hold a program with arguments, as shells read them. */
function run(program: string, file: string, { env, hint }: RunOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', `${program} "$@"`, 'sh', file], { stdio: 'inherit', env })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      const how = signal ? `was ended by ${signal}` : `exited with code ${code}`
      if (code === 0) resolve()
      else reject(new ShareError('unexpected', `${program} ${how}`, { hint }))
    })
  })
}

export type Suspend = (callback: () => Promise<void>) => Promise<void>

/**
 * Gives the terminal to another program for a while. Ink lets go of the screen and of raw mode, and not of the keys: it stops listening,
 * but Node keeps reading, so that the two programs would each get some of what is typed.
 */
export function handOverTerminal(app: ReturnType<typeof useApp>, input: NodeJS.ReadStream): Suspend {
  return (callback) =>
    app.suspendTerminal(async () => {
      // The stream notices only then that nobody listens any more; before, a pause has no effect.
      await nextLoop()
      input.pause()
      await nextLoop()
      await callback()
    })
}
