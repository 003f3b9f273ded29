/** When the pages of the ledger are read, with a reading that the test ends. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { pino } from 'pino'
import type { ExaminationResult } from '../../../../src/daemon/upkeep/examine-in-a-process.ts'
import { LedgerCheck } from '../../../../src/daemon/upkeep/ledger-check.ts'
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('The check of the ledger', () => {
  let dir: string
  let ledger: Ledger
  let check: LedgerCheck
  let isIdle: boolean
  let readings: { readonly signal: AbortSignal; end(examined: ExaminationResult): void }[]

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-check-'))
    ledger = openLedger(join(dir, 'ledger.db'))
    isIdle = true
    readings = []
    check = begin()
  })

  afterEach(() => {
    check.close()
    ledger.close()
    rmSync(dir, { recursive: true })
  })

  function begin(): LedgerCheck {
    return new LedgerCheck({
      soundness: ledger.soundness,
      log: pino({ level: 'silent' }),
      isIdle: () => isIdle,
      examine: (signal) => {
        const { promise, resolve, reject } = Promise.withResolvers<ExaminationResult>()
        signal.addEventListener('abort', () => reject(new Error('aborted')))
        readings.push({ signal, end: resolve })
        return promise
      },
      restMs: 0,
      lookEveryMs: 1,
    })
  }

  const reading = (number: number) => eventually(`reading ${number} began`, () => readings[number - 1])

  it('gives way to a turn and begins again when that is over, until it was done once', async () => {
    expect(check.state.state).to.equal('none')
    ledger.soundness.suspect()
    const first = await reading(1)
    expect(check.state.state).to.equal('running')
    isIdle = false
    await eventually('it gave way', () => first.signal.aborted)
    await eventually('it waits', () => check.state.state === 'due')
    isIdle = true
    const second = await reading(2)
    second.end({ state: 'whole' })
    await eventually('it is done', () => check.state.state === 'whole')
    expect(check.problem).to.equal(null)
    expect(readings).to.have.lengthOf(2)
  })

  it('ends with the daemon, and is begun by the next one', async () => {
    ledger.soundness.suspect()
    const first = await reading(1)
    check.close()
    expect(first.signal.aborted).to.equal(true)
    ledger.close()
    ledger = openLedger(join(dir, 'ledger.db'))
    check = begin()
    const second = await reading(2)
    second.end({ state: 'damaged', found: 'page 7' })
    await eventually('it is done', () => check.state.state === 'damaged')
    expect(check.problem).to.include('(page 7): `codex-share daemon restart --check-ledger`')
    ledger.soundness.suspect()
    expect(check.state.state, 'at the next sign of what is known').to.equal('damaged')
  })

  it('says why it is put off where it cannot be done', async () => {
    ledger.soundness.suspect()
    const first = await reading(1)
    first.end({ state: 'unknown', why: 'there is no room', fix: 'make some' })
    await eventually('it is put off', () => check.state.state === 'due')
    expect(check.state).to.deep.equal({ state: 'due', at: null, why: 'there is no room' })
  })
})
