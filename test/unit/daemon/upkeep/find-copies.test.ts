/** Which files are named that hold what was forgotten. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { findCopies } from '../../../../src/daemon/upkeep/find-copies.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'

const threadId = '01a20590-456e-70b2-a977-25507630a948'

describe('Copies of what was forgotten', () => {
  let scratch: Scratch
  beforeEach(() => {
    scratch = makeScratch()
  })
  afterEach(() => scratch.remove())

  it('are Codex’s records, kept ledgers and logs that have the text, and never the ledger that is open', async () => {
    const { dir, codexHome } = scratch
    const write = (name: string, text: string) => {
      const file = join(dir, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      return file
    }
    const across = `${'x'.repeat(1024 * 1024 - 3)}say "it"`
    const expected = [
      write('own/ledger.db.corrupt-1', across),
      write('own/ledger.db.being-checked/ledger.db', 'say "it"'),
      write('codex/sessions/2026/11/rollout.jsonl', JSON.stringify({ text: 'say "it"' })),
      write(`codex/archived_sessions/rollout-${threadId}.jsonl.zst`, 'packed'),
      write('codex/history.jsonl', JSON.stringify({ nested: JSON.stringify({ text: 'say "it"' }) })),
      write('own/daemon.1.log', 'say "it"'),
    ]
    // One folder may be both: closing the ledger's file gives up the lock on it.
    for (const name of ['own/ledger.db', 'own/ledger.db-wal']) write(name, 'say "it"')
    for (const name of ['own/ledger.db.corrupt-2', 'codex/sessions/other.jsonl', 'own/daemon.log'])
      write(name, 'say it')
    const places = { ledgerFile: join(dir, 'own/ledger.db'), daemonLog: join(dir, 'own/daemon.log') }
    const found = await findCopies({ places, codexHome, subject: { threadId, text: 'say "it"' } })
    expect([...found].sort()).to.deep.equal([...expected].sort())
    expect(await findCopies({ places, codexHome, subject: { threadId, turnId: 'packed' } })).to.deep.equal([
      expected[3],
    ])
  })
})
