/** What UIs remember: written whole, shared between those that run, and read back from whatever is there. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { forgetInState, readLeftState, type SavedUi, writeUiState } from '../../../src/platform/state-file.ts'
import { thisSystem } from '../../../src/platform/system/this-system.ts'
import { makeScratch, type Scratch } from '../../support/scratch.ts'

describe('The state file', () => {
  let scratch: Scratch
  let file: string

  beforeEach(() => {
    scratch = makeScratch()
    file = join(scratch.dir, 'state/ui.json')
  })

  afterEach(() => scratch.remove())

  /** Of a process that has long ended: nobody has that start. */
  const left = (pid: number, more: Partial<SavedUi> = {}): SavedUi => ({
    pid,
    startToken: 'ended',
    mode: 'SHARED',
    endpoint: 'unix:///run/daemon.sock',
    threadId: `thread-${pid}`,
    eventId: 7,
    draft: 'half a thought',
    submission: null,
    ...more,
  })

  it('gives back what was left, the newest first', async () => {
    await writeUiState(file, { ui: left(1), history: ['a'], claimed: undefined })
    await writeUiState(file, { ui: left(2), history: ['a', 'b'], claimed: undefined })
    expect(await readLeftState(file)).to.deep.equal({ left: left(2), history: ['a', 'b'] })
  })

  it('takes a place out once it was taken over', async () => {
    await writeUiState(file, { ui: left(1), history: [], claimed: undefined })
    await writeUiState(file, { ui: left(2), history: [], claimed: 1 })
    await writeUiState(file, { ui: left(3), history: [], claimed: 2 })
    expect(JSON.parse(readFileSync(file, 'utf8')).uis.map(({ pid }: SavedUi) => pid)).to.deep.equal([3])
  })

  it('leaves the place of a UI that still runs to it', async () => {
    const startToken = (await thisSystem.startTokenOf(process.pid)) ?? ''
    await writeUiState(file, { ui: left(1), history: [], claimed: undefined })
    await writeUiState(file, { ui: left(process.pid, { startToken }), history: [], claimed: undefined })
    expect((await readLeftState(file)).left?.pid).to.equal(1)
  })

  it('takes a broken file for a fresh start, and a broken member for its default', async () => {
    await writeUiState(file, { ui: left(1), history: [], claimed: undefined })
    writeFileSync(file, '{"uis": [{"pid": 5')
    expect(await readLeftState(file)).to.deep.equal({ left: undefined, history: [] })
    const { mode: _mode, ...older } = left(5, { eventId: -1 })
    writeFileSync(file, JSON.stringify({ uis: ['nonsense', { ...older, from: 'a newer program' }], history: 3 }))
    expect(await readLeftState(file)).to.deep.equal({ left: left(5, { mode: 'LOCAL', eventId: 0 }), history: [] })
  })

  it('forgets prompts and drafts, and says which UIs still know them', async () => {
    const startToken = (await thisSystem.startTokenOf(process.pid)) ?? ''
    const submission = { requestId: 'r', text: 'the secret itself' }
    expect(await forgetInState(file, () => true)).to.deep.equal([])
    await writeUiState(file, {
      ui: left(1, { draft: 'a secret', submission }),
      history: ['a', 'secret'],
      claimed: undefined,
    })
    await writeUiState(file, { ui: left(process.pid, { startToken }), history: [], claimed: undefined })
    expect(await forgetInState(file, (text) => text.includes('secret'))).to.deep.equal([process.pid])
    expect(await readLeftState(file)).to.deep.equal({ left: left(1, { draft: '' }), history: ['a'] })
  })

  it('is written also where a UI was killed in the middle of writing it', async () => {
    await writeUiState(file, { ui: left(1), history: [], claimed: undefined })
    for (const end of ['1.lock', '2.tmp']) writeFileSync(`${file}.4194999.${end}`, '')
    await writeUiState(file, { ui: left(2), history: [], claimed: 1 })
    expect((await readLeftState(file)).left?.pid).to.equal(2)
    expect(readdirSync(join(scratch.dir, 'state'))).to.deep.equal(['ui.json'])
  })

  it('is whole after many have written at once, with nothing left lying about', async () => {
    const writers = Array.from({ length: 8 }, (_, index) => left(index + 1))
    await Promise.all(writers.map((ui) => writeUiState(file, { ui, history: [], claimed: undefined })))
    const pids = JSON.parse(readFileSync(file, 'utf8')).uis.map(({ pid }: SavedUi) => pid)
    expect(pids.sort()).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8])
    expect(readdirSync(join(scratch.dir, 'state'))).to.deep.equal(['ui.json'])
  })
})
