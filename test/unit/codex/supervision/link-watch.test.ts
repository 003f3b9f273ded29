/** Watching a link: when it may be used, withheld, and what is reported of its end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { AppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import type { LinkEnd } from '../../../../src/codex/link/app-server-socket.ts'
import type { AcquiredAppServer } from '../../../../src/codex/supervision/acquire-app-server.ts'
import { LinkWatch } from '../../../../src/codex/supervision/link-watch.ts'

const account = { account: { type: 'chatgpt', email: 'ada@example.com' }, requiresOpenaiAuth: true }

describe('The watch over a link', () => {
  let folder: string
  let watch: LinkWatch
  let story: string[]
  let ending: AbortController
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'codex-share-watch-'))
    writeFileSync(join(folder, 'sock'), '')
    watch = new LinkWatch(join(folder, 'app-server.json'))
    story = []
    ending = new AbortController()
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function open() {
    const { promise: closed, resolve } = Promise.withResolvers<LinkEnd>()
    const link = {
      server: { version: '1', codexHome: '/h', userAgent: '' },
      closed,
      request: async () => account,
      close: () => resolve({ why: 'closed', message: 'closed' }),
    } as unknown as AppServerLink
    const lose = () => resolve({ why: 'lost', message: 'lost' })
    const acquired: AcquiredAppServer = { link, appServer: undefined, socketPath: join(folder, 'sock'), binary: null }
    return { link, lose, acquired }
  }

  /** Begins the watch, and waits until the link may be used. */
  async function use({ acquired }: ReturnType<typeof open>) {
    const ready = Promise.withResolvers<void>()
    const done = watch.watch(acquired, {
      signal: ending.signal,
      isWanted: () => true,
      onReady: ({ info }) => {
        story.push(`ready ${info.version} ${info.account}`)
        ready.resolve()
      },
      onEnd: ({ why }) => story.push(`${why}, link ${watch.link ? 'there' : 'gone'}`),
    })
    await ready.promise
    return done
  }
  const began = async (opened: ReturnType<typeof open>) => {
    const done = use(opened)
    while (watch.link !== opened.link) await new Promise(setImmediate)
    return { done }
  }

  it('offers the link once all is known of its server, and takes it away before its end is reported', async () => {
    const opened = open()
    const { done } = await began(opened)
    expect([watch.link, watch.problem, watch.hindrance]).to.deep.equal([opened.link, null, null])
    opened.lose()
    expect(await done).to.equal(true)
    expect(story).to.deep.equal(['ready 1 ada@example.com', 'lost, link gone'])
    expect(watch.info?.version).to.equal('1')
  })

  it('does not offer one that is not wanted any more, and closes it', async () => {
    const { link, acquired } = open()
    const never = () => story.push('used')
    const options = { signal: ending.signal, isWanted: () => false, onReady: never, onEnd: never }
    expect(await watch.watch(acquired, options)).to.equal(false)
    expect([(await link.closed).why, story, watch.info]).to.deep.equal(['closed', [], undefined])
  })

  it('says so when the link ends before all is known', async () => {
    const { link, acquired } = open()
    const deaf = { ...link, request: () => new Promise(() => {}) } as unknown as AppServerLink
    link.close()
    const options = { signal: ending.signal, isWanted: () => true, onReady: () => {}, onEnd: () => {} }
    const error = await watch.watch({ ...acquired, link: deaf }, options).catch((reason: unknown) => reason)
    expect(error).to.include({ errorName: 'unavailable', message: 'The link to Codex ended at once: closed.' })
  })

  it('closes the link when its signal fires', async () => {
    const { done } = await began(open())
    ending.abort()
    await done
    expect([story.at(-1), watch.link]).to.deep.equal(['closed, link gone', undefined])
  })

  it('forgets with the next link that the last server was told to end', async () => {
    const first = open()
    const { done } = await began(first)
    watch.noteDraining()
    expect([watch.isDraining, watch.problem?.startsWith('It was told to end')]).to.deep.equal([true, true])
    first.lose()
    await done
    const second = open()
    await began(second)
    expect(watch.isDraining).to.equal(false)
  })

  describe('withholds the link while it is asked whether it may end', () => {
    it('and gives it back where it may not', async () => {
      const { link, ...opened } = open()
      await began({ link, ...opened })
      const seen: unknown[] = []
      const end = await watch.withhold(async (asked) => {
        seen.push(asked === link, watch.link, await watch.withhold(async () => true))
        return false
      })
      expect([end, seen, watch.link]).to.deep.equal([undefined, [true, undefined, undefined], link])
    })

    it('and gives it back where the question fails', async () => {
      const opened = open()
      await began(opened)
      const failed = await watch.withhold(() => Promise.reject(new Error('no'))).catch((error: Error) => error.message)
      expect([failed, watch.link]).to.deep.equal(['no', opened.link])
    })

    it('and hands over what ends it where it may', async () => {
      const { done } = await began(open())
      const end = await watch.withhold(async () => true)
      expect(watch.link).to.equal(undefined)
      end?.()
      expect(await done).to.equal(true)
    })

    it('and leaves the next one alone where it has ended meanwhile', async () => {
      const first = open()
      const { done } = await began(first)
      const second = open()
      const end = await watch.withhold(async () => {
        first.lose()
        await done
        await began(second)
        return true
      })
      expect([end, watch.link]).to.deep.equal([undefined, second.link])
    })

    it('and where there is none there is nothing to ask', async () => {
      const end = await watch.withhold(async () => expect.fail('asked'))
      expect(end).to.be.a('function')
    })
  })
})
