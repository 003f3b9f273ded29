/** Commands that may come at any moment. */
import { expect } from 'chai'
import { runCommand, type Terminal } from '../../../../src/tui/effects/run-command.ts'
import { makeUiContext } from '../../../../src/tui/effects/ui-context.ts'
import type { UiCommand } from '../../../../src/tui/input/command.ts'
import { createStore } from '../../../../src/tui/state/store.ts'
import type { UiAction } from '../../../../src/tui/state/ui-action.ts'
import { startingState } from '../../../../src/tui/state/ui-state.ts'

const terminal: Terminal = { quit: () => {}, edit: async () => {}, page: async () => {} }
const newThread: UiCommand = { do: 'new' }
const startSharing: UiCommand = { do: 'share', action: 'start' }
const join: UiCommand = { do: 'pick', purpose: 'join', reference: 'last', shared: true }

describe('A command that puts another thread on the screen', () => {
  const states: Record<string, UiAction> = {
    'while one is on its way': { type: 'doing', doing: 'joining…' },
    'while the first is opened': {
      type: 'session',
      session: { connection: { state: 'opening', what: 'starting Codex' } },
    },
  }
  for (const [when, action] of Object.entries(states))
    for (const command of [newThread, startSharing, join])
      it(`waits ${when}: ${command.do}`, async () => {
        const store = createStore(startingState({ cwd: '/', readOnly: false, draft: '', history: [], now: 0 }))
        store.dispatch(action)
        let started = false
        const findCodex = async () => {
          started = true
          throw new Error('nothing is to be started here')
        }
        const endpoint = { kind: 'given', path: '/nowhere' } as const
        const ui = makeUiContext({ store, endpoint, label: 'anna', readOnly: false, cwd: '/', env: {}, findCodex })
        await runCommand(ui, terminal, command)
        expect([started, store.state.hint?.endsWith('… One thing at a time.')]).to.deep.equal([false, true])
      })
})
