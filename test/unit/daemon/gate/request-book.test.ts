/** What is known of request ids, also while the ledger cannot be written. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { RequestBook } from '../../../../src/daemon/gate/request-book.ts'
import type { Recorder } from '../../../../src/daemon/publishing/recorder.ts'
import { type Ledger, openLedger } from '../../../../src/ledger/ledger.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'

const threadId = 't'
const by = { label: 'ci', kind: 'script', pid: 1 } as const
const request = { requestId: 'r', content: 'digest', input: [], by }

describe('The book of requests', () => {
  let dir: string
  let ledger: Ledger
  let book: RequestBook
  /** What waits to be written; undefined where everything can be. */
  let waiting: (() => void)[] | undefined

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'codex-share-book-'))
    ledger = openLedger(join(dir, 'ledger.db'))
    ledger.threads.open(threadId, { name: null, cwd: null, preview: null })
    waiting = undefined
    const recorder = {
      flush: () => waiting === undefined,
      writeNow: (work: () => void) => {
        if (waiting) throw new ShareError('unavailable', 'full', { facts: { sent: false } })
        work()
      },
      persist: async (work: () => void) => (waiting ? waiting.push(work) : work()),
      get problem() {
        return waiting ? 'the disk is full' : null
      },
    }
    book = new RequestBook({ ledger, recorder: recorder as unknown as Recorder })
  })

  afterEach(() => {
    ledger.close()
    rmSync(dir, { recursive: true })
  })

  it('knows a request from before it is sent', () => {
    expect(book.find(threadId, 'r')).to.equal(undefined)
    book.remember(threadId, request)
    expect(book.find(threadId, 'r')).to.deep.include({ requestId: 'r', content: 'digest', turnId: null, by })
  })

  it('knows its turn once Codex took it, and nothing once Codex did not', () => {
    book.remember(threadId, request)
    expect(book.fulfil(threadId, 'r', 'x')).to.equal(null)
    expect(book.find(threadId, 'r')?.turnId).to.equal('x')
    book.remember(threadId, { ...request, requestId: 's' })
    book.forget(threadId, 's')
    expect(book.find(threadId, 's')).to.equal(undefined)
  })

  it('knows a turn that began without a prompt', () => {
    book.recordBegun(threadId, 'x', request)
    expect(book.find(threadId, 'r')).to.deep.include({ turnId: 'x', by })
  })

  it('has nothing sent that it cannot remember', () => {
    waiting = []
    expect(() => book.remember(threadId, request)).to.throw(ShareError, 'full')
  })

  it('does not guess what became of a request while that waits to be written', () => {
    book.remember(threadId, request)
    book.fulfil(threadId, 'r', 'x')
    book.remember(threadId, { ...request, requestId: 's' })
    waiting = []
    expect(book.fulfil(threadId, 's', 'y')).to.equal('the disk is full')
    expect(() => book.find(threadId, 's'))
      .to.throw(ShareError, 'the prompt was sent before, and the disk is full')
      .with.deep.property('facts', { threadId, requestId: 's', sent: true })
    expect([book.find(threadId, 'r')?.turnId, book.find(threadId, 'new')]).to.deep.equal(['x', undefined])
    for (const write of waiting) write()
    waiting = undefined
    expect(book.find(threadId, 's')?.turnId).to.equal('y')
  })
})
