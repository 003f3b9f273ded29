/** Gives the terminal to another program for a while: the person's editor for the draft, their pager for the thread. */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ShareError } from '../../protocol/errors.ts'
import type { MethodResult } from '../../protocol/methods.ts'
import { createTextRenderer } from '../../render/text-renderer.ts'
import { type Desk, openLink } from './desk.ts'
import { hint } from './share-thread.ts'

/** Ink's: hands the terminal over for as long as the callback takes. */
export type Suspend = (callback: () => Promise<void>) => Promise<void>

export async function editDraft(desk: Desk, suspend: Suspend): Promise<void> {
  const { store, env } = desk
  const editor = env.VISUAL || env.EDITOR || 'vi'
  const file = (dir: string) => join(dir, 'prompt.md')
  await inFolder(async (dir) => {
    await writeFile(file(dir), store.state.composer.text, { mode: 0o600 })
    await suspend(() => run(editor, [file(dir)], env))
    const text = (await readFile(file(dir), 'utf8')).replace(/\n$/, '')
    store.dispatch({ type: 'edit', edit: { edit: 'replace', text } })
  })
}

const pageEvents = 1000

/** The whole shared thread as text; of a private one what was said since it was opened is above, in the terminal itself. */
export async function pageThread(desk: Desk, suspend: Suspend): Promise<void> {
  const { mode, threadId } = desk.store.state.session
  if (mode === 'LOCAL' || threadId === null)
    return hint(desk, 'a private thread is all in your terminal’s own scrollback')
  const link = openLink(desk)
  try {
    const client = await link.client()
    const renderer = createTextRenderer({ colour: false })
    let text = ''
    let next: number | null = 0
    while (next !== null) {
      const page: MethodResult<'share/events'> = await client.call('share/events', {
        threadId,
        after: next,
        limit: pageEvents,
      })
      for (const event of page.events) text += renderer.event(event)
      next = page.next
    }
    await inFolder(async (dir) => {
      const file = join(dir, 'thread.txt')
      await writeFile(file, text + renderer.finish(), { mode: 0o600 })
      await suspend(() => run(desk.env.PAGER || 'less', [file], desk.env))
    })
  } finally {
    link.close()
  }
}

async function inFolder(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'codex-share-'))
  try {
    await work(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** The variables may hold a program with arguments, as shells read them. */
function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', `${program} "$@"`, 'sh', ...args], { stdio: 'inherit', env })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else
        reject(
          new ShareError('unexpected', `${program} ${signal ? `was ended by ${signal}` : `exited with code ${code}`}`),
        )
    })
  })
}
