/** Threads that are longer than a screen: the newest first, the rest in a pager, and an answer that is joined while it is written. */
import { expect } from 'chai'
import { findCodex } from '../../../src/codex/binary/find-codex.ts'
import { startStdioAppServer } from '../../../src/codex/process/stdio-app-server.ts'
import type { TestTerminal } from '../../support/peers/terminal.ts'
import { lengthenThread } from '../../support/samples/long-thread.ts'
import { scriptByWords } from '../../support/sites/daemon-process.ts'
import { makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

const pairs = 10_000
/** Words that can be told apart, in more pieces than a screen's worth of events. */
const longAnswer = Array.from({ length: 2000 }, (_, index) => `word-${index} `).join('')

describe('the terminal UI, on long threads', function () {
  this.timeout(60_000)
  let site: TuiSite
  let threadId: string
  let ui: TestTerminal

  before(async () => {
    site = await makeTuiSite({
      script: (turn) =>
        turn.prompt === 'be long' ? [{ say: longAnswer, chunks: 2000, thenHold: 'long' }] : scriptByWords(turn),
    })
    threadId = JSON.parse((await site.run('start', '--name', 'long', '--json')).stdout).threadId
    await site.run('post', '--thread', threadId, '--prompt', 'the very first words')
    await site.run('daemon', 'stop')
    lengthenThread({ dir: site.dir, threadId, pairs })
  })

  after(() => site.close())

  /** More turns, each with a number, in a thread that nobody has open. */
  async function sayMore(thread: string, from: number, to: number): Promise<void> {
    const { env, dir: cwd } = site
    let ended = 0
    const server = await startStdioAppServer({
      codex: await findCodex({ env: {}, packageFrom: import.meta.url, cwd }),
      ...{ env, cwd, client: { name: 'test', version: '0' } },
      onNotification: ({ method }) => {
        if (method === 'turn/completed') ended += 1
      },
      onRequest: () => {},
    })
    await server.link.request('thread/resume', { threadId: thread, excludeTurns: true })
    for (let turn = from; turn <= to; turn += 1) {
      const before = ended
      const input = [{ type: 'text' as const, text: `private ${turn}`, text_elements: [] }]
      await server.link.request('turn/start', { threadId: thread, input })
      await eventually('it is answered', () => ended > before)
    }
    await server.stop()
  }

  it('opens one of many thousand events with its newest, and says where the rest is', async () => {
    ui = site.open({ args: ['--thread', threadId, '--as', 'anna'], rows: 20 })
    await ui.shows(`answer ${pairs}.`)
    await ui.shows(/SHARED .* idle/)
    const all = ui.all()
    expect(all).to.match(/… what came before event \d+ is shown by \/history/)
    expect(all)
      .to.contain(`answer ${pairs - 100}.`)
      .and.not.to.contain(`answer ${pairs / 2}.`)
  })

  it('shows all of it in the pager, at its end, and goes on as before afterwards', async () => {
    ui.type('/history')
    ui.press('Enter')
    await ui.shows(new RegExp(`answer ${pairs}\\.\\n.*\\(END\\)`))
    ui.press('g')
    await ui.shows('the very first words')
    ui.press('q')
    await ui.shows(/SHARED .* idle/)
    ui.type('and then?')
    ui.press('Enter')
    await ui.shows('You said: and then?')
    await ui.shows(/SHARED .* idle/)
  })

  it('hands the thread to the pager of the person', async () => {
    const other = site.open({
      args: ['--thread', threadId],
      env: { PAGER: `sh -c 'grep -c "^answer" "$1"; read enough' sh` },
    })
    await other.shows(/SHARED .* idle/)
    other.type('/history')
    other.press('Enter')
    await other.shows(new RegExp(`^${pairs}$`, 'm'))
    other.press('Enter')
    await other.shows(/SHARED .* idle/)
    expect(other.screen()).not.to.contain('✖')
  })

  it('says what to do when the pager cannot be run', async () => {
    const other = site.open({ args: ['--thread', threadId], env: { PAGER: 'no-such-pager' } })
    await other.shows(/SHARED .* idle/)
    other.type('/history')
    other.press('Enter')
    await other.shows(/no history: no-such-pager exited with code 127[\s\S]*PAGER names another pager/)
  })

  it('shows one who joins in the middle of a long answer what has been written of it', async () => {
    ui.type('be long')
    ui.press('Enter')
    await ui.shows('word-1999')
    const other = site.open({ args: ['--thread', threadId], rows: 20 })
    await other.shows('word-1999')
    await other.shows(/SHARED .* running .*\(anna\)/)
    site.model.release('long')
    await other.shows(/completed in/)
    const words = other.all().match(/word-\d+/g) ?? []
    expect(words).to.deep.equal(longAnswer.trim().split(' '))
  })

  it('shows the newest turns of a private thread that is opened again, and all of them in the pager', async () => {
    const first = site.open({ args: ['--new', '--as', 'anna'] })
    await first.shows(/LOCAL .* idle/)
    first.type('private 1')
    first.press('Enter')
    await first.shows('You said: private 1')
    await first.shows(/LOCAL .* idle/)
    first.press('C-c')
    first.press('C-c')
    expect(await first.exitCode()).to.equal(0)
    await sayMore(JSON.parse(await site.savedUi()).uis[0].threadId, 2, 22)
    const again = site.open({ args: ['--local', '--as', 'anna'] })
    await again.shows('You said: private 22')
    await again.shows(/LOCAL .* idle/)
    expect(again.all())
      .to.contain('what came before is shown by /history')
      .and.not.to.match(/You said: private 2$/m)
    again.type('/history')
    again.press('Enter')
    await again.shows(/private 22\n[\s\S]*\(END\)/)
    again.press('g')
    await again.shows(/anna .*\nprivate 1$/m)
    again.press('q')
    await again.shows(/LOCAL .* idle/)
  })
})
