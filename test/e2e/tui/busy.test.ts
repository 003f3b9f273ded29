/** A prompt that comes while a turn runs: waited for, steered with or dropped, whoever's turn it is, and never lost or sent twice. */
import { expect } from 'chai'
import type { TestTerminal } from '../../support/peers/terminal.ts'
import { countOf, makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'

describe('the terminal UI, while a turn runs', function () {
  this.timeout(60_000)
  let site: TuiSite
  let anna: TestTerminal
  let ben: TestTerminal
  let holds = 0

  before(async () => {
    site = await makeTuiSite()
    anna = site.open({ args: ['--as', 'anna'] })
    await anna.shows(/LOCAL .* idle/)
  })

  after(() => site.close())

  const send = (ui: TestTerminal, text: string) => {
    ui.type(text)
    ui.press('Enter')
  }

  /** A turn that runs until the returned function is called. */
  async function turnOf(ui: TestTerminal): Promise<() => void> {
    const name = `gate-${++holds}`
    await ui.shows(/ idle/)
    send(ui, `hold ${name}`)
    await ui.shows(new RegExp(`hold ${name}\\n[\\s\\S]*Before the hold\\.[\\s\\S]* running `))
    return () => site.model.release(name)
  }

  /** Sends this and opens the menu with it. */
  async function busyWith(ui: TestTerminal, text: string): Promise<string> {
    send(ui, text)
    return ui.shows(new RegExp(`Busy since \\d\\d:\\d\\d:\\d\\d: a turn[\\s\\S]*“${text}”`))
  }

  async function turnOfScript(name: string): Promise<void> {
    await site.run('post', '--thread', 'last', '--as', 'ci', '--no-wait', '--prompt', `hold ${name}`)
    await ben.shows(/running .*\(ci\)/)
  }

  const threeChoices = (who: string, ui: () => TestTerminal) => {
    it(`does what is chosen during ${who}`, async () => {
      const end = await turnOf(ui())
      await busyWith(ui(), `${who}: dropped`)
      await ui().shows(/1\. Wait[\s\S]*2\. Steer[\s\S]*3\. Do not send; keep the draft/)
      ui().press('Down', 'Down', 'Enter')
      await ui().hides('Busy since')
      await ui().shows(`› ${who}: dropped`)
      ui().press('C-u')
      await busyWith(ui(), `${who}: waited`)
      ui().press('Enter')
      await ui().shows('waiting for the running turn to end')
      end()
      await ui().shows(`You said: ${who}: waited`)
      await turnOf(ui())
      await busyWith(ui(), `${who}: steered`)
      ui().type('2')
      // The scripted model answers the newest prompt: the turn that was held goes on with it, and ends.
      await ui().shows(`You said: ${who}: steered`)
      await ui().shows(/ idle/)
      const all = ui().all()
      expect([countOf(all, 'You said:'), countOf(all, `You said: ${who}: dropped`)]).to.deep.equal([2 * ++rounds, 0])
    })
  }
  let rounds = 0

  threeChoices('a private turn of one’s own', () => anna)

  it('is shared with somebody else', async () => {
    send(anna, '/share')
    anna.type('1')
    await anna.shows(/SHARED .* idle/)
    ben = site.open({ args: ['--as', 'ben', '--thread', 'last'] })
    await ben.shows(/SHARED .* idle · 2 peers/)
  })

  threeChoices('a shared turn of one’s own', () => anna)

  it('says whose turn it is, and lets one steer it: both see it once', async () => {
    await turnOf(anna)
    expect(await busyWith(ben, 'turn left')).to.match(/Busy since [\d:]+: a turn by anna is running/)
    ben.press('Down', 'Enter')
    await Promise.all([anna.shows('You said: turn left'), ben.shows('You said: turn left')])
    await anna.shows(/› ben +[\d:]+\n +turn left/)
    await ben.shows(/› ben \(you\) +[\d:]+\n +turn left/)
    await Promise.all([anna.shows(/ idle/), ben.shows(/ idle/)])
    expect([countOf(anna.all(), 'turn left\n'), countOf(ben.all(), 'turn left\n')]).to.deep.equal([2, 2])
  })

  it('waits for somebody else’s turn', async () => {
    const end = await turnOf(anna)
    await busyWith(ben, 'after you')
    ben.type('1')
    await ben.shows(/waiting for the running turn to end .*“after you”/)
    end()
    await Promise.all([anna.shows('You said: after you'), ben.shows('You said: after you')])
    await ben.shows(/ idle/)
    expect(countOf(ben.all(), 'You said: after you')).to.equal(1)
    await site.run('post', '--thread', 'last', '--as', 'ci', '--prompt', 'still listening?')
    await ben.shows('You said: still listening?')
  })

  it('says that it is a script’s, and gives the prompt back to one who no longer waits', async () => {
    await turnOfScript('script')
    expect(await busyWith(ben, 'me next')).to.contain('a turn by ci is running')
    ben.press('Enter')
    await ben.shows('waiting for the running turn')
    ben.press('Escape')
    await ben.shows('your prompt is back here')
    await ben.shows('› me next')
  })

  it('has both when another draft was begun meanwhile', async () => {
    ben.press('Enter')
    await ben.shows('Busy since')
    ben.press('Enter')
    await ben.shows('waiting for the running turn')
    ben.type('something else')
    ben.press('Escape')
    await ben.shows('the prompt before this one is kept: ↑ brings it back')
    ben.press('Up')
    await ben.shows('› me next')
    ben.press('Down')
    await ben.shows('› something else')
  })

  it('goes on with the draft when one goes on typing into the menu', async () => {
    ben.press('C-u')
    await busyWith(ben, 'half')
    ben.type(' of it')
    await ben.shows('› half of it')
    await ben.hides('Busy since')
    ben.press('C-u')
    site.model.release('script')
    await ben.shows(/SHARED .* idle/)
  })

  for (const [choice, key] of Object.entries({ wait: '1', steer: '2' })) {
    it(`sends at once when the turn is over by the time that one chooses to ${choice}`, async () => {
      await turnOfScript(choice)
      await busyWith(ben, `late ${choice}`)
      site.model.release(choice)
      await ben.shows(/SHARED .* idle/)
      ben.type(key)
      await ben.shows(`You said: late ${choice}`)
      await ben.shows(/SHARED .* idle/)
      expect(countOf(ben.all(), `You said: late ${choice}`)).to.equal(1)
    })
  }
})
