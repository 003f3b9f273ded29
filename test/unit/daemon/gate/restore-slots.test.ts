/** Whose slots are held when a daemon starts. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { restoreSlots } from '../../../../src/daemon/gate/restore-slots.ts'
import { TurnSlots } from '../../../../src/daemon/slots/turn-slots.ts'
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts'

const threadId = 't'
const by = { label: 'ci', kind: 'script', pid: 1 } as const

describe('Slots that are restored', () => {
  let dir: string
  let ledger: Ledger

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-restore-'))
    ledger = openLedger(join(dir, 'ledger.db'))
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
  })

  afterEach(() => {
    ledger.close()
    rmSync(dir, { recursive: true })
  })

  const append = (method: string, turn: object, more: object = {}) =>
    ledger.events.append([
      { threadId, turnId: 'x', atMs: 1000, method, params: { threadId, turn, ...more }, itemId: null, by },
    ])
  const restored = () => {
    const slots = new TurnSlots()
    restoreSlots(ledger, slots)
    return slots
  }

  it('are those of turns that ran, with their authors', () => {
    append('turn/started', { id: 'x' })
    expect(restored().list()).to.deep.equal([
      { threadId, turnId: 'x', startedAt: new Date(1000).toISOString(), by, waitingOnApproval: false },
    ])
  })

  it('know the id that a review is run under', () => {
    append('turn/started', { id: 'sub', rootTurnId: 'x' })
    expect(restored().interruptIdOf(threadId, 'x')).to.equal('sub')
  })

  it('are those of prompts that Codex had just taken', () => {
    ledger.turns.remember(threadId, { requestId: 'r', content: '', input: [], by })
    ledger.turns.fulfil(threadId, 'r', 'y')
    expect(restored().list()).to.have.nested.property('[0].turnId', 'y')
  })

  it('are looked for in those threads alone that have something underway', () => {
    for (let index = 0; index < 20; index += 1) ledger.threads.open(`idle ${index}`)
    append('turn/started', { id: 'x' })
    const asked: string[] = []
    const open = ledger.turns.open.bind(ledger.turns)
    ledger.turns.open = (id) => {
      asked.push(id)
      return open(id)
    }
    expect([restored().size, asked]).to.deep.equal([1, [threadId]])
  })

  it('are not those of turns that have ended', () => {
    append('turn/started', { id: 'x' })
    append('turn/completed', { id: 'x', status: 'completed' })
    expect(restored().list()).to.deep.equal([])
  })

  it('are not those of threads that are not shared any more', () => {
    append('turn/started', { id: 'x' })
    ledger.threads.close(threadId)
    expect(restored().list()).to.deep.equal([])
  })
})
