/** The screen as Ink draws it, with keys going in. */
import { expect } from 'chai'
import { cleanup, render } from 'ink-testing-library'
import { createElement } from 'react'
import { createPaint } from '../../../../src/render/terminal/theme.ts'
import { intentsOfKey } from '../../../../src/tui/input/key-map.ts'
import type { KeyPress } from '../../../../src/tui/input/key-press.ts'
import { createStore, type UiStore } from '../../../../src/tui/state/store.ts'
import { startingState } from '../../../../src/tui/state/ui-state.ts'
import { App, belowLines } from '../../../../src/tui/views/app.tsx'
import { eventMaker } from '../../../support/samples/event-maker.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('The screen', () => {
  let store: UiStore
  let screen: ReturnType<typeof render>

  beforeEach(async () => {
    store = createStore(startingState({ cwd: '/', readOnly: false, draft: '', history: [], now: 0 }))
    store.dispatch({ type: 'session', session: { connection: { state: 'open' } } })
    const onKey = (key: KeyPress) => {
      for (const intent of intentsOfKey(store.state, key)) if ('type' in intent) store.dispatch(intent)
    }
    const onPaste = (text: string) => store.dispatch({ type: 'edit', edit: { edit: 'insert', text } })
    const paint = createPaint(false)
    // Keys that come before it listens would be lost.
    await new Promise<void>((resolve) => {
      const onReady = () => resolve()
      screen = render(createElement(App, { store, paint, highlight: () => undefined, onKey, onPaste, onReady }))
    })
  })

  afterEach(() => cleanup())

  const shows = (text: string) => eventually(`the screen shows ${text}`, () => screen.lastFrame()?.includes(text))

  it('shows what is typed', async () => {
    screen.stdin.write('hello')
    await shows('› hello')
  })

  it('takes a paste as one piece, whatever is in it', async () => {
    screen.stdin.write('\u001b[200~first\rsecond\u001b[201~')
    await shows('› first')
    expect(store.state.composer.text).to.equal('first\nsecond')
  })

  it('writes what is finished above what is growing, once', async () => {
    const { prompt, begin, delta, finish } = eventMaker()
    store.queue([prompt('question', 'ben'), begin('a'), delta('a', 'grow')])
    await shows('grow')
    store.queue([finish('a', 'grown up')])
    await shows('grown up')
    const frame = screen.lastFrame() ?? ''
    expect(frame.indexOf('question')).to.be.lessThan(frame.indexOf('grown up'))
    expect(frame.split('grown up')).to.have.lengthOf(2)
  })

  it('keeps what is growing in sight over a menu', async () => {
    const { begin, delta } = eventMaker()
    store.queue([begin('a'), delta('a', 'still growing')])
    await shows('still growing')
    store.dispatch({ type: 'overlay', overlay: { kind: 'share', selected: 0 } })
    await shows('4. Help / About sharing')
    const frame = screen.lastFrame() ?? ''
    expect(frame.indexOf('still growing')).to.be.within(0, frame.indexOf('Mode '))
    expect(
      belowLines(store.state, { paint: createPaint(false), width: 40, screenReader: false }, 12),
    ).to.have.length.below(12)
  })

  it('shows what is queued as far as there is room', async () => {
    const by = { label: 'ben', kind: 'codex', pid: null }
    const prompts = ['one', 'two'].map((text) => ({ id: text, text, by, queuedAt: '2026-11-22T00:04:00.000Z' }))
    const queue = { threadId: 't', prompts, heldBack: null }
    store.dispatch({ type: 'session', session: { queue } })
    await shows('↳ ben: two')
    const style = { paint: createPaint(false), width: 40, screenReader: false }
    for (const rows of [6, 9, 24]) expect(belowLines(store.state, style, rows)).to.have.length.below(rows)
    expect(belowLines(store.state, style, 9).join()).to.contain('ben: one')
  })

  it('opens the menu with its status, and closes it', async () => {
    screen.stdin.write('/share')
    await shows('› /share')
    screen.stdin.write('\r')
    await shows('4. Help / About sharing')
    expect(screen.lastFrame()).to.match(/Mode +LOCAL\nThread +none yet\nServer .*\nTurn +idle/)
    screen.stdin.write('\u001b')
    await eventually('the menu is gone', () => !screen.lastFrame()?.includes('Mode '))
  })
})
