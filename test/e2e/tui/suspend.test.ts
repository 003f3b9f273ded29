/** The terminal UI when time stands still: for the whole machine, as in a suspend, or for the daemon alone, which hangs. */
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import type { TestTerminal } from '../../support/peers/terminal.ts'
import { countOf, makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

/** Longer than the UI waits for a sign of life: a while has to pass, as that is what is tested. */
const aWhileMs = 7000

describe('the terminal UI, when time stands still', function () {
  this.timeout(90_000)
  let site: TuiSite
  let ui: TestTerminal
  const stopped = new Set<number>()

  before(async () => {
    site = await makeTuiSite()
    ui = site.open({ args: ['--as', 'anna'] })
    await ui.shows(/LOCAL .* idle/)
    ui.type('/share')
    ui.press('Enter')
    ui.type('1')
    await ui.shows(/SHARED .* idle/)
  })

  afterEach(() => goOn())

  after(() => site.close())

  /** Whole process groups; what is stopped before has no say in what becomes of the others. */
  function stop(...pids: number[]): void {
    for (const pid of pids) {
      process.kill(-pid, 'SIGSTOP')
      stopped.add(pid)
    }
  }

  function goOn(): void {
    for (const pid of stopped) process.kill(-pid, 'SIGCONT')
    stopped.clear()
  }

  async function saidOnce(text: string): Promise<void> {
    await ui.shows(`You said: ${text}`)
    await ui.shows(/SHARED .* idle/)
    const { stdout } = await site.run('get', '--thread', 'last', '--format', 'text')
    expect([countOf(ui.all(), `You said: ${text}`), countOf(stdout, `You said: ${text}`)]).to.deep.equal([1, 1])
  }

  it('goes on after a suspend with the answer that was on its way, and the draft', async () => {
    ui.type('hold sleep')
    ui.press('Enter')
    await ui.shows(/hold sleep[\s\S]*Before the hold\./)
    ui.type('written before')
    await ui.shows('› written before')
    // The terminal too: tmux would wake up what is stopped in it.
    stop(ui.terminalPid(), ui.pid(), await site.daemonPid(), await site.appServerPid())
    site.model.release('sleep')
    await delay(aWhileMs)
    goOn()
    await ui.shows('After the hold.')
    await ui.shows(/SHARED .* idle · 1 peer/)
    expect(countOf(ui.all(), 'After the hold.')).to.equal(1)
    ui.type(' and after')
    await ui.shows('› written before and after')
    ui.press('Enter')
    await saidOnce('written before and after')
  })

  it('says that the daemon does not answer, keeps the draft, and sends it once when it does', async () => {
    ui.type('hold on')
    ui.press('Enter')
    await ui.shows(/hold on[\s\S]*Before the hold\./)
    stop(await site.daemonPid())
    ui.type('patience')
    await ui.shows(/SHARED .* no answer, \d+ s/)
    await ui.shows(/no answer from the daemon for[\s\S]*Typing goes on/)
    ui.press('Enter')
    await ui.shows('the daemon does not answer: your prompt stays here until it does')
    await ui.shows('› patience')
    site.model.release('on')
    goOn()
    await ui.shows(/SHARED .* idle · 1 peer/)
    ui.press('Enter')
    await saidOnce('patience')
  })

  it('sends once what was on its way into a daemon that hangs, and keeps what is written meanwhile', async () => {
    stop(await site.daemonPid())
    ui.type('into the void')
    ui.press('Enter')
    await ui.shows('sending “into the void”')
    ui.type('the next one')
    ui.press('Enter')
    await ui.shows('your prompt before this one is still on its way')
    await ui.shows(/SHARED .* no answer/)
    goOn()
    await saidOnce('into the void')
    await ui.shows('› the next one')
    ui.press('C-u')
  })

  it('gives a prompt back that is on its way into a daemon that hangs, and does not send it a second time', async () => {
    stop(await site.daemonPid())
    ui.type('changed my mind')
    ui.press('Enter')
    await ui.shows(/no answer from the daemon[\s\S]*Esc takes your prompt back/)
    ui.press('Escape')
    await ui.shows('your prompt is back here')
    await ui.shows('› changed my mind')
    goOn()
    // It had been sent, and that is seen now: it is no draft any more.
    await saidOnce('changed my mind')
    await ui.hides('› changed my mind')
  })

  it('sends it once also when the UI itself is killed before there was an answer', async () => {
    stop(await site.daemonPid())
    ui.type('my last words')
    ui.press('Enter')
    await ui.shows('sending “my last words”')
    await eventually('it is noted down', async () => /"submission":\{[^}]*my last words/.test(await site.savedUi()))
    process.kill(ui.pid(), 'SIGKILL')
    goOn()
    ui = site.open({ args: ['--as', 'anna'] })
    await saidOnce('my last words')
    expect(await ui.hides('› my last words')).to.contain('SHARED')
  })

  it('gives up coming into a session whose daemon hangs, and is private then', async () => {
    stop(await site.daemonPid())
    const other = site.open({ args: ['--thread', 'last'] })
    await other.shows('joining… (Esc: give up)')
    other.press('Escape')
    await other.shows('not joined: given up')
    await other.shows(/LOCAL .* idle/)
    goOn()
    other.type('hello')
    other.press('Enter')
    await other.shows('You said: hello')
  })

  it('stays private, with everything, when a daemon that hangs is to take the session', async () => {
    const other = site.open({ args: ['--new'] })
    await other.shows(/LOCAL .* idle/)
    other.type('keep this')
    other.press('Enter')
    await other.shows('You said: keep this')
    await other.shows(/LOCAL .* idle/)
    stop(await site.daemonPid())
    other.type('/share')
    other.press('Enter')
    other.type('1')
    await other.shows('starting to share… (Esc: give up)')
    other.type('my draft')
    await other.shows('› my draft')
    const screen = await other.shows('not shared: cannot reach the daemon')
    expect(screen.replaceAll(/\s+/g, ' ')).to.match(/it took the connection and did not answer within/)
    expect(await other.shows(/LOCAL .* idle/)).to.contain('› my draft')
    goOn()
    other.press('Enter')
    await other.shows('You said: my draft')
  })
})
