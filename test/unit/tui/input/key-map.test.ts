/** What keys do, by what is on the screen. */
import { expect } from 'chai'
import { type Intent, intentsOfKey } from '../../../../src/tui/input/key-map.ts'
import { type InkKey, keyPresses } from '../../../../src/tui/input/key-press.ts'
import { readApproval } from '../../../../src/tui/state/approvals.ts'
import { reduceUi } from '../../../../src/tui/state/reduce-ui.ts'
import type { Session } from '../../../../src/tui/state/session.ts'
import type { UiAction } from '../../../../src/tui/state/ui-action.ts'
import { startingState, type UiState } from '../../../../src/tui/state/ui-state.ts'

const plain: InkKey = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageUp: false,
  pageDown: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  tab: false,
  backspace: false,
  delete: false,
  ctrl: false,
  meta: false,
  shift: false,
}

const start = startingState({ cwd: '/', readOnly: false, draft: '', history: [], now: 0 })
const ready = having(start, { type: 'session', session: { connection: { state: 'open' } } })

function having(state: UiState, ...actions: UiAction[]): UiState {
  return actions.reduce(reduceUi, state)
}

function written(text: string, state: UiState = ready): UiState {
  return having(state, { type: 'edit', edit: { edit: 'insert', text } })
}

const keys = (state: UiState, ...names: string[]): readonly Intent[] =>
  names.flatMap((name) => intentsOfKey(state, { name, text: '' }))

describe('The keys', () => {
  it('send what is written', () => {
    expect(keys(written('hello'), 'enter')).to.deep.equal([{ do: 'submit', text: 'hello' }])
  })

  it('make a new line after a backslash, and with Alt+Enter or Ctrl+J', () => {
    const newLine = { type: 'edit', edit: { edit: 'insert', text: '\n' } }
    expect(keys(written('a\\'), 'enter')).to.deep.equal([{ type: 'edit', edit: { edit: 'backspace' } }, newLine])
    expect(keys(written('a'), 'alt+enter', 'ctrl+j')).to.deep.equal([newLine, newLine])
  })

  it('open what a slash command names, by its beginning where that is clear', () => {
    const clear = { type: 'edit', edit: { edit: 'clear' } }
    expect(keys(written('/who'), 'enter')).to.deep.equal([clear, { do: 'who' }])
    expect(keys(written('/int'), 'enter')).to.deep.equal([clear, { do: 'interrupt' }])
  })

  it('say so when there is no such command, and send what only looks like one', () => {
    expect(keys(written('/foo'), 'enter')).to.deep.equal([
      { type: 'hint', hint: 'there is no command /foo: /help lists them' },
    ])
    expect(keys(written('/usr/bin is full'), 'enter')).to.deep.equal([{ do: 'submit', text: '/usr/bin is full' }])
  })

  it('complete a command with Tab', () => {
    expect(keys(written('/re'), 'tab')).to.deep.equal([{ type: 'edit', edit: { edit: 'replace', text: '/resume' } }])
  })

  it('keep the draft while there is no connection', () => {
    for (const connection of [
      { state: 'lost', since: 0, reason: '' } as const,
      { state: 'silent', since: 0 } as const,
    ]) {
      const away = having(written('hi'), { type: 'session', session: { connection } })
      expect(keys(away, 'enter').map((intent) => 'type' in intent && intent.type)).to.deep.equal(['hint'])
    }
  })

  it('interrupt a running turn on the second Escape', () => {
    const turn = { turnId: 't', startedAtMs: 0, by: null }
    const running = having(ready, { type: 'session', session: { turn } })
    expect(keys(running, 'escape')).to.deep.equal([{ type: 'armed', armed: 'interrupt' }])
    expect(keys(having(running, { type: 'armed', armed: 'interrupt' }), 'escape')).to.deep.include({ do: 'interrupt' })
  })

  it('leave on the second Ctrl+C, which first puts away what is written', () => {
    const once = keys(written('draft'), 'ctrl+c')
    expect(once).to.deep.equal([
      { type: 'edit', edit: { edit: 'putAway' } },
      { type: 'armed', armed: 'quit' },
    ])
    expect(keys(having(ready, { type: 'armed', armed: 'quit' }), 'ctrl+c')).to.deep.equal([{ do: 'quit' }])
  })

  it('choose in the menu by number, arrows and Enter', () => {
    const menu = having(ready, { type: 'overlay', overlay: { kind: 'share', selected: 0 } })
    expect(intentsOfKey(menu, { name: 'text', text: '3' })).to.deep.equal([{ do: 'share', action: 'stop' }])
    expect(keys(having(menu, { type: 'select', step: 1 }), 'enter')).to.deep.equal([{ do: 'share', action: 'join' }])
    expect(keys(menu, 'escape')).to.deep.equal([{ type: 'overlay', overlay: null }])
  })

  it('are ahead of the menu when they come in one piece with its number', () => {
    const menu = having(ready, { type: 'overlay', overlay: { kind: 'share', selected: 0 } })
    expect(intentsOfKey(menu, { name: 'text', text: '1next' })).to.deep.equal([
      { do: 'share', action: 'start' },
      { type: 'edit', edit: { edit: 'insert', text: 'next' } },
    ])
  })

  it('go on with the draft while the menu of a busy thread is open, unless they choose in it', () => {
    const busy = having(ready, { type: 'overlay', overlay: { kind: 'busy', prompt: 'half', turn: null, selected: 0 } })
    expect(intentsOfKey(busy, { name: 'text', text: '2' })).to.deep.equal([{ do: 'busy', choice: 'steer' }])
    expect(keys(busy, 'enter', 'escape')).to.deep.equal([
      { do: 'busy', choice: 'wait' },
      { do: 'busy', choice: 'drop' },
    ])
    expect(intentsOfKey(busy, { name: 'text', text: ' of it' })).to.deep.equal([
      { do: 'busy', choice: 'drop' },
      { type: 'edit', edit: { edit: 'insert', text: ' of it' } },
    ])
  })

  it('take a prompt back with Escape while it waits, or its connection is gone', () => {
    const sending = (state: 'sending' | 'waiting', connection: Session['connection']) =>
      having(
        ready,
        { type: 'submitting', submission: { requestId: 'r', text: 'hi', state } },
        { type: 'session', session: { connection } },
      )
    const back = [{ do: 'stopWaiting' }]
    expect(keys(sending('waiting', { state: 'open' }), 'escape')).to.deep.equal(back)
    expect(keys(sending('sending', { state: 'silent', since: 0 }), 'escape')).to.deep.equal(back)
    expect(keys(sending('sending', { state: 'open' }), 'escape')).to.deep.equal([{ type: 'hint', hint: null }])
  })

  it('answer a question with a letter, and write what is none of its letters', () => {
    const params = { command: 'rm -r build' }
    const approval = readApproval({ id: 7, method: 'item/commandExecution/requestApproval', params, item: null })
    const asked = having(ready, { type: 'approval', approval }, { type: 'focus', on: 'approval' })
    expect(intentsOfKey(asked, { name: 'text', text: 'y' })).to.deep.equal([
      { do: 'answer', answer: approval.choices[0]?.answer },
    ])
    expect(intentsOfKey(asked, { name: 'text', text: '/' })).to.deep.equal([
      { type: 'focus', on: 'composer' },
      { type: 'edit', edit: { edit: 'insert', text: '/' } },
    ])
  })

  it('give up what takes long with Escape', () => {
    expect(keys(having(ready, { type: 'doing', doing: 'joining…' }), 'escape')).to.deep.equal([{ do: 'giveUp' }])
  })

  it('take what was typed into a picker as an id when nothing matches', () => {
    const picker = having(ready, {
      type: 'overlay',
      overlay: { kind: 'picker', purpose: 'join', query: '019a', entries: [], selected: 0, problem: null },
    })
    expect(keys(picker, 'enter')).to.deep.equal([{ do: 'pick', purpose: 'join', reference: '019a', shared: true }])
  })

  it('come apart when the terminal hands them over in one piece', () => {
    expect(keyPresses('hi\r', plain)).to.deep.equal([
      { name: 'text', text: 'hi' },
      { name: 'enter', text: '' },
    ])
    expect(keyPresses('\u0003\u0003', plain).map(({ name }) => name)).to.deep.equal(['ctrl+c', 'ctrl+c'])
  })
})
