/** Forgetting that is killed, or finds the disk full: all of it or nothing, and the next start cleans the file. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts'
import { threadId, turnEvents } from '../../../support/samples/ledger-events.ts'
import { amongOwnMounts, noOwnMounts } from '../../../support/system/own-mounts.ts'

const secret = 'grün"geheim\n7'

describe('forgetting that is cut off', () => {
  let dir: string
  let file: string
  let ledger: Ledger

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-forget-'))
    file = join(dir, 'ledger.db')
    ledger = openLedger(file)
    ledger.threads.open(threadId, { name: 'lab', cwd: '/', preview: 'the first prompt' })
  })

  afterEach(() => {
    ledger.close()
    rmSync(dir, { recursive: true })
  })

  /** Whether any of the files beside the ledger has the bytes. */
  const inFiles = (text: string) => readdirSync(dir).some((name) => readFileSync(join(dir, name)).includes(text))

  it('is all there or not at all when it is killed at any step, and the next start cleans the file', function () {
    this.timeout(30_000)
    const filler = 'x'.repeat(10_000)
    for (let round = 0; round < 100; round += 1)
      ledger.events.append(turnEvents(`t${round}`, round % 9 === 0 ? `${secret} SECRETWORD` : filler))
    const { events } = ledger.forgetting.find({ threadId, text: secret })
    for (const step of ['in-transaction', 'before-scrub', 'in-scrub']) {
      ledger.close()
      forgetAndDie(step)
      ledger = openLedger(file)
      const left = ledger.forgetting.find({ threadId, text: secret }).events
      expect({ step, left, traces: inFiles('SECRETWORD') }).to.deep.equal(
        step === 'in-transaction' ? { step, left: events, traces: true } : { step, left: 0, traces: false },
      )
      if (step === 'before-scrub') ledger.events.append(turnEvents('again', `${secret} SECRETWORD`))
    }
  })

  it('is cleaned by a later start where the disk has no room to write it whole, and can be used meanwhile', function () {
    this.timeout(30_000)
    if (noOwnMounts() !== null) this.skip()
    const program = join(import.meta.dirname, '../../../fixtures/forget-on-a-full-disk.ts')
    const mount = 'mount -t tmpfs -o size=8m tmpfs /mnt'
    const [command, args] = amongOwnMounts(mount, [process.execPath, program, '/mnt', 'SECRETWORD'])
    const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
    expect({ ...(stdout === '' ? { stderr } : JSON.parse(stdout)) }).to.deep.equal({
      scrub: 'SQLITE_FULL',
      full: { left: 0, traces: true },
      opened: { left: 0, traces: true },
      withRoom: { left: 0, traces: false },
    })
  })

  function forgetAndDie(step: string): void {
    const program = join(import.meta.dirname, '../../../fixtures/forget-and-die.ts')
    const command = [process.execPath, program, file, threadId, secret, step]
    // Its log grows to the size of the file and more: by half of that it is in the midst of writing. In blocks of 512 bytes.
    const most = Math.floor(statSync(file).size / 1024)
    const limit = step === 'in-scrub' ? `ulimit -f ${most}; ` : ''
    const { signal } = spawnSync('/bin/sh', ['-c', `${limit}exec "$@"`, 'sh', ...command], { stdio: 'inherit' })
    expect(signal).to.equal('SIGKILL')
    if (step === 'in-scrub') expect(statSync(`${file}-wal`).size).to.be.within(256 * most, 512 * most)
  }
})
