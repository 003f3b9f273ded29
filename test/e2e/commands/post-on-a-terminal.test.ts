/** `share post` where a person sits: colours, and the question that Ctrl-C asks. */
import { expect } from 'chai'
import { openTerminal, type TestTerminal } from '../../support/peers/terminal.ts'
import { type CommandSite, makeCommandSite } from '../../support/sites/command-site.ts'

describe('share post on a terminal', function () {
  this.timeout(60_000)
  let site: CommandSite
  let threadId: string
  let terminal: TestTerminal | undefined
  before(async () => {
    site = await makeCommandSite()
    threadId = await site.share()
  })
  afterEach(() => terminal?.close())
  after(() => site.close())

  async function postAndInterrupt(hold: string): Promise<TestTerminal> {
    const opened = openTerminal({ home: site, args: ['post', '-t', threadId, '-p', `hold ${hold}`] })
    terminal = opened
    await opened.shows('Before the hold.')
    opened.press('C-c')
    await opened.shows('Interrupt the turn, leave it running, or stay? [i/L/s]')
    return opened
  }

  it('interrupts the turn when that is the answer: 8', async () => {
    const opened = await postAndInterrupt('asked')
    opened.type('i')
    opened.press('Enter')
    await opened.shows(/■ interrupted by \S+ after /)
    expect(await opened.exitCode()).to.equal(8)
  })

  it('stays when that is the answer, and shows what came meanwhile', async () => {
    const opened = await postAndInterrupt('stay')
    site.model.release('stay')
    opened.type('s')
    opened.press('Enter')
    await opened.shows('After the hold.')
    await opened.shows('✔ completed in')
    expect(await opened.exitCode()).to.equal(0)
  })

  it('asks on a line of its own, below what has come of the answer, which goes on behind', async () => {
    const opened = openTerminal({ home: site, args: ['post', '-t', threadId, '-p', 'open 1 3'] })
    terminal = opened
    await opened.shows('xxx')
    opened.press('C-c')
    await opened.shows(/xxx[^\n]*\n+Interrupt the turn, leave it running, or stay\? \[i\/L\/s\]/)
    opened.type('s')
    opened.press('Enter')
    site.model.release('open')
    await opened.shows(/xxx[\s\S]*\[i\/L\/s\] s\n[\s\S]*✔ completed in/)
  })

  it('leaves when nothing is answered, and the turn goes on: 130', async () => {
    const opened = await postAndInterrupt('leave')
    opened.press('Enter')
    expect(await opened.exitCode()).to.equal(130)
    await opened.wrote(/stopped watching; turn \S+ goes on: codex-share tail --thread/)
    site.model.release('leave')
    await site.run('tail', '-t', threadId, '--until-idle')
  })

  it('leaves on a second Ctrl-C', async () => {
    const opened = await postAndInterrupt('twice')
    opened.press('C-c')
    expect(await opened.exitCode()).to.equal(130)
    site.model.release('twice')
    await site.run('tail', '-t', threadId, '--until-idle')
  })

  it('begins a line of its own for what is told in the middle of an answer', async () => {
    const opened = openTerminal({ home: site, args: ['post', '-t', threadId, '-p', 'midline line', '--timeout', '5s'] })
    terminal = opened
    expect(await opened.exitCode()).to.equal(10)
    await opened.wrote(/^Error: gave up after 5\.0 s/m)
    site.model.release('line')
    await site.run('tail', '-t', threadId, '--until-idle')
  })

  it('leaves at once while the prompt is typed: 130, and nothing is submitted', async () => {
    const requests = site.model.requests()
    const opened = openTerminal({ home: site, args: ['post', '-t', threadId, '-p', '-'] })
    terminal = opened
    await opened.shows('Type the prompt.')
    opened.type('half a sen')
    await opened.shows('half a sen')
    opened.press('C-c')
    expect(await opened.exitCode()).to.equal(130)
    expect(site.model.requests()).to.equal(requests)
  })

  it('takes what is typed, to Ctrl-D', async () => {
    const opened = openTerminal({ home: site, args: ['post', '-t', threadId, '-p', '-'] })
    terminal = opened
    await opened.shows('Type the prompt.')
    opened.type('typed by hand')
    opened.press('Enter', 'C-d')
    await opened.shows('You said: typed by hand')
    expect(await opened.exitCode()).to.equal(0)
  })
})
