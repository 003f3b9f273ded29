/** The terminal UI on small and large screens, without colours, and for a screen reader. */
import { expect } from 'chai'
import type { ModelStep, ModelTurn } from '../../../src/demo/model-script.ts'
import { displayWidth } from '../../../src/render/terminal/display-width.ts'
import { scriptByWords } from '../../support/sites/daemon-process.ts'
import { countOf, makeTuiSite, type TuiSite } from '../../support/sites/tui-site.ts'

/** Some as paragraphs and some close together. */
const manyLines = Array.from(
  { length: 200 },
  (_, index) => `line ${index + 1} of 200${index % 7 === 0 ? '\n\n' : '  \n'}`,
)

/** The answer waits behind each of these lines: a screen that is looked at a moment later would not show it any more. */
const stops = [20, 50, 80, 110, 140] as const
const parts = [0, ...stops].map((from, index): ModelStep => {
  const to = stops[index]
  const say = manyLines.slice(from, to).join('')
  return { say, ...(to === undefined ? {} : { thenHold: `line ${to}` }) }
})

function script(turn: ModelTurn): readonly ModelStep[] {
  if (turn.prompt.startsWith('lines ')) return [{ say: manyLines.join('') }]
  return turn.prompt.startsWith('parts ') ? parts : scriptByWords(turn)
}

describe('the terminal UI, on every kind of screen', function () {
  this.timeout(60_000)
  let site: TuiSite

  before(async () => {
    site = await makeTuiSite({ approvalPolicy: 'on-request', script })
  })

  after(() => site.close())

  it('can be used in 40 columns and 12 rows', async () => {
    const ui = site.open({ columns: 40, rows: 12, args: ['--new'] })
    await ui.shows(/LOCAL · …\w{8} · idle/)
    ui.type('a prompt that is much longer than one line of this small terminal')
    await ui.shows(/› a prompt that is much longer than one\n +l/)
    ui.press('Enter')
    await ui.shows('You said: a prompt that is')
    await ui.shows(/completed in/)
    await ui.shows(/LOCAL · …\w{8} · idle/)
    ui.type('/share')
    ui.press('Enter')
    const menu = await ui.shows('4. Help / About sharing')
    expect(menu).to.contain('Mode    LOCAL').and.contain('Turn    idle')
    ui.press('Enter')
    await ui.shows(/SHARED · …\w{8} · idle/)
    ui.type('hello')
    ui.press('Enter')
    await ui.shows('You said: hello')
  })

  it('shows all of the footer in 200 columns', async () => {
    const ui = site.open({ columns: 200, rows: 60, args: ['--thread', 'last'] })
    expect(
      await ui.shows(/SHARED · …\w{8} · idle · 2 peers · [\d.]+k? tokens · unix:\/\/\/\S+daemon\.sock/),
    ).to.contain('●')
  })

  it('asks in 40 columns and 12 rows, and is answered from another terminal', async () => {
    const small = () => site.open({ columns: 40, rows: 12, args: ['--thread', 'last', '--as', 'anna'] })
    const anna = small()
    await anna.shows(/SHARED .* idle/)
    const ben = site.open({ columns: 200, rows: 60, args: ['--thread', 'last', '--as', 'ben'] })
    await ben.shows(/SHARED .* idle/)
    anna.type('ask touch a-file-with-a-name-longer-than-the-terminal-is-wide')
    anna.press('Enter')
    await anna.shows('wants to run a command')
    const question = await anna.shows(/\$ touch a-file[\s\S]*› y {2}Yes, this time[\s\S]*SHARED .* running/)
    for (const line of question.split('\n')) expect(displayWidth(line.trimEnd())).to.be.at.most(40)
    await ben.shows('$ touch a-file-with-a-name-longer-than-the-terminal-is-wide')
    await ben.shows('› y  Yes, this time')
    ben.type('y')
    await anna.shows(/approved\s+by\s+ben/)
    await anna.hides('wants to run')
    await anna.shows(/SHARED .* idle/)
    await ben.shows('approved by you')
  })

  it('goes from private to shared and back in 200 columns and 60 rows', async () => {
    const ui = site.open({ columns: 200, rows: 60, args: ['--new', '--as', 'anna'] })
    await ui.shows(/LOCAL · …\w{8} · idle · private codex app-server \(stdio\) · scripted/)
    ui.type('wide')
    ui.press('Enter')
    await ui.shows('You said: wide')
    await ui.shows(/LOCAL .* idle · 20 tokens/)
    for (const [action, end] of [
      ['1', /SHARED · …\w{8} · idle · 1 peer · 20 tokens · unix:\/\/\/\S+daemon\.sock/],
      ['3', /LOCAL · …\w{8} · idle/],
    ] as const) {
      ui.type('/share')
      ui.press('Enter')
      await ui.shows('4. Help / About sharing')
      ui.type(action)
      await ui.shows(end)
    }
  })

  it('is drawn anew when the size changes, with nothing twice and nothing lost', async () => {
    const ui = site.open({ args: ['--new'] })
    await ui.shows(/LOCAL .* idle/)
    ui.type('before the change')
    ui.press('Enter')
    await ui.shows('You said: before the change')
    await ui.shows(/LOCAL .* idle/)
    ui.type('a draft')
    await ui.shows('› a draft')
    ui.resize(60, 20)
    await ui.shows('› a draft')
    ui.type(' goes on')
    const screen = await ui.shows('› a draft goes on')
    expect(countOf(screen, '› a draft goes on')).to.equal(1)
    expect(countOf(ui.all(), 'You said: before the change')).to.equal(1)
  })

  it('streams a long answer without repeating or losing a line', async () => {
    const ui = site.open({ rows: 15, args: ['--new'] })
    await ui.shows(/LOCAL .* idle/)
    ui.type('lines 200')
    ui.press('Enter')
    await ui.shows('line 200 of 200')
    await ui.shows(/LOCAL .* idle/)
    const numbers = [...ui.all().matchAll(/line (\d+) of 200/g)].map(([, number]) => Number(number))
    expect(numbers).to.deep.equal(Array.from({ length: 200 }, (_, index) => index + 1))
  })

  it('loses nothing of an answer that streams while the size changes, and shows it rightly at the end', async () => {
    const ui = site.open({ rows: 20, args: ['--new'] })
    await ui.shows(/LOCAL .* idle/)
    ui.type('parts 200')
    ui.press('Enter')
    const sizes = [
      [60, 15],
      [100, 30],
      [40, 12],
      [200, 60],
      [80, 20],
    ] as const
    for (const [index, stop] of stops.entries()) {
      await ui.shows(`line ${stop} of 200`)
      site.model.release(`line ${stop}`)
      const [columns, rows] = sizes[index] ?? sizes[0]
      ui.resize(columns, rows)
    }
    await ui.shows('line 200 of 200')
    const end = await ui.shows(/LOCAL .* idle/)
    const numbersOf = (text: string) => [...text.matchAll(/line (\d+) of 200/g)].map(([, number]) => Number(number))
    const last = numbersOf(end)
    expect(last).to.deep.equal(Array.from({ length: last.length }, (_, index) => 201 - last.length + index))
    // What a terminal pushed out of sight while it shrank cannot be taken back, so some of it may be there twice.
    const seen = [...new Set(numbersOf(ui.all()))]
    expect(seen).to.deep.equal(Array.from({ length: 200 }, (_, index) => index + 1))
  })

  it('uses the colours that can be read on any background, and none when they are not wanted', async () => {
    const coloursOf = async (env: NodeJS.ProcessEnv) => {
      const ui = site.open({ args: ['--new'], env })
      await ui.shows(/LOCAL .* idle/)
      ui.type('run true')
      ui.press('Enter')
      await ui.shows('The command has run.')
      await ui.shows(/LOCAL .* idle/)
      ui.type('/share')
      ui.press('Enter')
      ui.type('1')
      await ui.shows(/SHARED .* idle/)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
      const codes = [...ui.painted().matchAll(/\u001b\[([\d;]*)m/g)].flatMap(([, found = '']) => found.split(';'))
      return [...new Set(codes)].filter((code) => /^(3|4|9|10)[0-7]$/.test(code)).toSorted()
    }
    expect(await coloursOf({ NO_COLOR: undefined })).to.deep.equal(['32', '35'])
    expect(await coloursOf({ NO_COLOR: '1' })).to.deep.equal([])
  })

  it('says everything without colours and marks for a screen reader', async () => {
    const ui = site.open({ args: ['--new', '--screen-reader'] })
    await ui.shows(/LOCAL, thread \w{8}, idle/)
    ui.type('hello reader')
    ui.press('Enter')
    await ui.shows(/you, [\d:]+:\n +hello reader\n\s*codex:\nYou said: hello reader\n\s*completed in/)
    ui.type('/share')
    ui.press('Enter')
    const screen = await ui.shows('selected: 1. Start sharing')
    expect(screen.match(/[›✔✖⏸↑↓·│┼─▸○●…–]/u)).to.equal(null)
  })

  it('shows wide characters and emoji in their columns', async () => {
    const ui = site.open({ columns: 40, args: ['--new'] })
    await ui.shows(/LOCAL .* idle/)
    ui.type('漢字と絵文字 👩‍🚀 naïve')
    ui.press('Enter')
    const screen = await ui.shows('You said: 漢字と絵文字')
    for (const line of screen.split('\n')) expect(displayWidth(line.trimEnd())).to.be.at.most(40)
  })

  it('opens the draft in the editor of the person, and takes back what was written', async () => {
    const ui = site.open({ args: ['--new'], env: { EDITOR: `sh -c 'printf "from the editor" > "$1"' sh` } })
    await ui.shows(/LOCAL .* idle/)
    ui.press('C-g')
    await ui.shows('› from the editor')
    ui.press('Enter')
    await ui.shows('You said: from the editor')
  })

  it('interrupts the running turn on the second Escape', async () => {
    const ui = site.open({ args: ['--new'] })
    await ui.shows(/LOCAL .* idle/)
    ui.type('hold on')
    ui.press('Enter')
    await ui.shows('Before the hold.')
    ui.press('Escape')
    await ui.shows('Esc again interrupts')
    ui.press('Escape')
    await ui.shows('interrupted')
    await ui.shows(/LOCAL .* idle/)
  })

  it('finds a thread again with /resume, and says so when it is open in another process', async () => {
    const first = site.open({ args: ['--new'] })
    await first.shows(/LOCAL .* idle/)
    first.type('remember me')
    first.press('Enter')
    await first.shows('You said: remember me')
    await first.shows(/LOCAL .* idle/)
    const ui = site.open({ args: ['--new'] })
    const resume = async () => {
      ui.type('/resume')
      ui.press('Enter')
      ui.type('remember')
      await ui.shows(/remember me *\n +private · /)
      ui.press('Enter')
    }
    await ui.shows(/LOCAL .* idle/)
    await resume()
    await ui.shows('the thread is open in another Codex process')
    first.press('C-c', 'C-c')
    expect(await first.exitCode()).to.equal(0)
    await resume()
    await ui.shows('You said: remember me')
    await ui.shows(/LOCAL .* idle/)
    ui.type('and go on')
    ui.press('Enter')
    await ui.shows('You said: and go on')
  })
})
