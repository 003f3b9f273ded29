/** A real ledger in a temporary folder for each test of a suite, with a thread that is open in it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { NewEvent } from '../../src/ledger/event-text.ts'
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts'

export const storedThread = 'a'

/** Call it in a `describe`: what it returns is the ledger of the test that runs, and `reopen` closes and opens it. */
export function ledgerOfEachTest(): { readonly ledger: Ledger; reopen(): void } {
  let folder: string
  const open = () => openLedger(join(folder, 'ledger.db'))
  const site = {
    ledger: undefined as unknown as Ledger,
    reopen: () => {
      site.ledger.close()
      site.ledger = open()
    },
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'codex-share-store-'))
    site.ledger = open()
    site.ledger.threads.open(storedThread)
  })
  afterEach(() => {
    site.ledger.close()
    rmSync(folder, { recursive: true })
  })
  return site
}

export function newEvent(method: string, more: Partial<NewEvent> = {}): NewEvent {
  return { threadId: storedThread, turnId: 't1', atMs: 1000, method, params: {}, itemId: null, by: null, ...more }
}

export const newDelta = (itemId: string, atMs = 1000) => newEvent('item/agentMessage/delta', { itemId, atMs })
export const newCompletion = (itemId: string, more: Partial<NewEvent> = {}) =>
  newEvent('item/completed', { itemId, params: { item: { id: itemId } }, ...more })
