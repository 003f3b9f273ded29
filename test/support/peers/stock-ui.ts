/** The unmodified Codex UI in a real terminal. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import type { Scratch } from '../scratch.ts'
import { openTerminal, type TestTerminal } from './terminal.ts'

export interface StockUi extends TestTerminal {
  /** Types a prompt and sends it off. */
  say(prompt: string): Promise<void>
}

export interface StockUiOptions {
  /** The thread to resume; a new one without it. */
  readonly threadId?: string
  /** Instead of `--remote`, for a plain `codex`. */
  readonly args?: readonly string[]
}

const composer = '›'

export async function openStockUi(site: Scratch, { threadId, args }: StockUiOptions = {}): Promise<StockUi> {
  const cwd = join(site.dir, 'work')
  mkdirSync(cwd, { recursive: true })
  const codex = await findCodex({ env: {}, packageFrom: import.meta.url, cwd })
  const remote = args ?? ['--remote', `unix://${join(site.runtimeDir, 'codex.sock')}`]
  const resume = threadId === undefined ? [] : ['resume']
  const which = threadId === undefined ? [] : [threadId]
  const command = [codex.path, ...codex.args, ...resume, ...remote, ...which]
  const terminal = openTerminal({ home: site, command, cwd, rows: 40, env: { ...site.env, ...codex.env } })
  try {
    await terminal.shows(new RegExp(`^${composer} `, 'm'), 20_000)
  } catch (error) {
    terminal.close()
    throw error
  }
  return {
    ...terminal,
    say: async (prompt) => {
      terminal.type(prompt)
      // The UI takes a line end that comes with the text for a part of a paste.
      await terminal.shows(new RegExp(`^${composer} ${prompt.slice(0, 30)}`, 'm'))
      await terminal.shows(prompt.slice(-10))
      terminal.press('Enter')
    },
  }
}
