/** Describes tests of a daemon on a site of their own, which is there before their own hooks run, and closed behind them. */
import { makeSite, type SiteOptions, type TestSite } from './daemon-process.ts'

export interface DescribeSiteOptions extends SiteOptions {
  /** Every test has another site; by default all have the same. */
  readonly each?: boolean
  /** Whether a daemon is started; it is by default. */
  readonly daemon?: boolean
  readonly timeoutMs?: number
}

/** `site` is the one of the test, or the hook, that uses it. */
export function describeSite(
  title: string,
  { each = false, daemon = true, timeoutMs = 60_000, ...options }: DescribeSiteOptions,
  tests: (site: TestSite) => void,
): void {
  describe(title, function () {
    this.timeout(timeoutMs)
    const [begin, end] = each ? [beforeEach, afterEach] : [before, after]
    let current: TestSite | undefined
    begin(async () => {
      current = await makeSite(options)
      if (daemon) await current.startDaemon()
    })
    tests(new Proxy({} as TestSite, { get: (_site, name) => Reflect.get(current ?? {}, name) }))
    end(() => current?.close())
  })
}
