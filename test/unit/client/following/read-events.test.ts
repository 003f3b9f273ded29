/** Reading back, page by page. */
import { expect } from 'chai'
import { type ReadEventsOptions, readEvents } from '../../../../src/client/following/read-events.ts'
import {
  eventText,
  type ScriptedDaemon,
  startScriptedDaemon,
  threadId,
} from '../../../support/sites/scripted-daemon.ts'

/** Of the ids that the thread has, the first. */
const first = 11

describe('Reading events', () => {
  let daemon: ScriptedDaemon
  let head: number
  /** A page ends after so many events, whatever was asked for. */
  let longestPage: number
  beforeEach(async () => {
    daemon = await startScriptedDaemon()
    head = 30
    longestPage = 8
    daemon.on('share/events', ({ after, from, before, limit }) => page({ after, from, before, limit } as PageParams))
  })
  afterEach(() => daemon.close())

  interface PageParams {
    readonly after?: number
    readonly from?: { readonly id: number }
    readonly before?: number
    readonly limit: number
  }

  /** As the daemon pages. */
  function page({ after, from, before, limit }: PageParams) {
    const last = Math.min(head, (before ?? head + 1) - 1)
    const start = after ?? (from ? from.id - 1 : Math.max(first - 1, last - limit))
    const begin = Math.max(start, first - 1) + 1
    const end = Math.min(last, begin + Math.min(limit, longestPage) - 1)
    const events = Array.from({ length: Math.max(0, end - begin + 1) }, (_, index) =>
      JSON.parse(eventText(begin + index)),
    )
    const asked = after !== undefined || from !== undefined
    const gap = asked && start < first - 1 ? { threadId, from: start + 1, to: first - 1, reason: 'pruned' } : null
    return { events, next: end < head ? end : null, gap }
  }

  async function read(options: Partial<ReadEventsOptions>) {
    const client = await daemon.link().client()
    const { events, next, gap } = await readEvents({ client, threadId, limit: 1000, ...options })
    const ids = events.map(({ id }) => id)
    expect(ids, 'without holes').to.deep.equal(ids.map((_, index) => (ids[0] ?? 0) + index))
    return { first: ids[0], last: ids.at(-1), next, gap }
  }

  it('goes on over short pages until it has enough or there is no more', async () => {
    expect(await read({ after: 10 })).to.deep.equal({ first: 11, last: 30, next: null, gap: null })
    expect(await read({ from: { id: 13 }, limit: 12 })).to.deep.equal({ first: 13, last: 24, next: 24, gap: null })
    expect(await read({ after: 30 })).to.deep.equal({ first: undefined, last: undefined, next: null, gap: null })
  })

  it('gives the newest when no place is named', async () => {
    expect(await read({ limit: 3 })).to.deep.equal({ first: 28, last: 30, next: null, gap: null })
    expect(await read({ limit: 20 })).to.deep.equal({ first: 11, last: 30, next: null, gap: null })
    expect(await read({ limit: 6000 })).to.deep.equal({ first: 11, last: 30, next: null, gap: null })
  })

  it('gives more of the newest than the daemon gives at once', async () => {
    head = 7000
    longestPage = 1500
    expect(await read({ limit: 6000 })).to.deep.equal({ first: 1001, last: 7000, next: null, gap: null })
    expect(await read({ limit: 9000 })).to.deep.equal({ first: 11, last: 7000, next: null, gap: null })
  })

  it('gives the newest before an event, so that reading can go on backwards', async () => {
    expect(await read({ before: 21, limit: 9 })).to.include({ first: 12, last: 20 })
    expect(await read({ before: 21, limit: 50 })).to.include({ first: 11, last: 20 })
    expect(await read({ before: 11, limit: 50 })).to.include({ first: undefined })
  })

  it('keeps the gap that the first page told of', async () => {
    expect((await read({ after: 2 })).gap).to.deep.equal({ threadId, from: 3, to: 10, reason: 'pruned' })
  })
})
