/** What is shown for a decision in the terminal UI: no character is hidden, wherever it stands. */
import { expect } from 'chai'
import type { Peer } from '../../../src/protocol/methods.ts'
import { markOf, visibleText } from '../../../src/protocol/text/visible-text.ts'
import { onApproval } from '../../../src/tui/input/approval-keys.ts'
import { startForm } from '../../../src/tui/state/approval-form.ts'
import { readApproval } from '../../../src/tui/state/approvals.ts'
import { emptyComposer } from '../../../src/tui/state/composer.ts'
import type { Overlay } from '../../../src/tui/state/overlay.ts'
import { reduceUi } from '../../../src/tui/state/reduce-ui.ts'
import { startingSession } from '../../../src/tui/state/session.ts'
import { reduceEvents } from '../../../src/tui/state/transcript/reduce-events.ts'
import { emptyTranscript } from '../../../src/tui/state/transcript/transcript.ts'
import { startingState } from '../../../src/tui/state/ui-state.ts'
import { approvalLines } from '../../../src/tui/views/approval-lines.ts'
import { blockText } from '../../../src/tui/views/block-text.ts'
import { composerLines } from '../../../src/tui/views/composer-text.ts'
import { footerText, statusLines } from '../../../src/tui/views/footer-text.ts'
import { liveText } from '../../../src/tui/views/live-text.ts'
import { factLine } from '../../../src/tui/views/menu-parts.ts'
import { overlayLines } from '../../../src/tui/views/overlay-lines.ts'
import { eventMaker } from '../../support/samples/event-maker.ts'
import { approvalsWith, itemsWith } from '../../support/samples/hidden-places.ts'
import { leftUnseen, someUnseen } from '../../support/samples/unseen-characters.ts'

const style = { paint: (_look: unknown, text: string) => text, width: 2000, screenReader: false }
const space = { ...style, rows: 100, now: 0 }

function expectShown(output: string, hidden: string, what: string): void {
  for (const line of output.split('\n'))
    expect(leftUnseen(line.replaceAll('\u001b[7m', '').replaceAll('\u001b[27m', '')), `${what}`).to.equal(undefined)
  const forms = [visibleText(hidden), JSON.stringify(hidden).slice(1, -1)]
  expect(
    forms.some((form) => output.includes(form)),
    `${what}: ${output}`,
  ).to.equal(true)
}

describe('What is shown for a decision in the UI', () => {
  for (const character of someUnseen(20261123)) {
    const hidden = `a${character}b`
    const name = markOf(character)

    it(`has ${name} as a mark in everything that is asked, and in its form`, () => {
      for (const [what, { approvalId, method, params, item }] of approvalsWith(hidden)) {
        const approval = readApproval({ id: approvalId, method, params, item })
        const asked = approvalLines({ approval, selected: 0, form: undefined }, space).join('\n')
        const form = approval.fields.length > 0 ? startForm(approval) : undefined
        const filled = form ? approvalLines({ approval, selected: 0, form }, space).join('\n') : ''
        // The default of a field is only in the form.
        if (what === 'a value' || what === 'an option') expectShown(filled, hidden, what)
        else expectShown(asked, hidden, what)
      }
    })

    it(`has ${name} as a mark in the transcript, and in what is growing`, () => {
      for (const [what, method, params, { by = null }] of itemsWith(hidden)) {
        const event = { ...eventMaker().make(method, { ...params }), by }
        const transcript = reduceEvents(emptyTranscript, [event])
        const blocks = transcript.blocks.map((block) => (block ? blockText(block, style) : '')).join('\n')
        expectShown(blocks + liveText(transcript, 50, style) + transcript.retrying, hidden, what)
      }
    })

    it(`has ${name} as a mark in the footer, the menus, the notices and the composer`, () => {
      const session = { ...startingSession('/', false), connection: { state: 'open' }, endpoint: hidden } as const
      const turn = { turnId: null, startedAtMs: 0, by: hidden }
      expectShown(footerText({ ...session, endpoint: 'x', turn }, 0, style), hidden, 'who runs a turn')
      expectShown(footerText(session, 0, style), hidden, 'the endpoint')
      expectShown(footerText({ ...session, endpoint: 'x', model: hidden }, 0, style), hidden, 'the model')
      expectShown(
        statusLines(session, 0)
          .map(([label, value]) => factLine(label, value, style))
          .join('\n'),
        hidden,
        'the status',
      )
      const busy: Overlay = {
        ...{ kind: 'busy', prompt: 'x', selected: 0 },
        turn: {
          ...{ threadId: 't', turnId: null, startedAt: '', waitingOnApproval: false },
          by: { label: hidden, kind: 'ui', pid: 1 },
        },
      }
      expectShown(overlayLines(busy, session, space).join('\n'), hidden, 'the busy menu')
      const folder = blockText({ kind: 'session', facts: [['Folder', hidden]] }, style)
      expectShown(folder, hidden, 'the folder')
      const state = startingState({ cwd: '/', readOnly: false, draft: '', history: [], now: 0 })
      const peer: Peer = { peerId: 'p', label: hidden, kind: 'ui', pid: 1, since: '', readOnly: false, threads: [] }
      const [joined] = reduceUi(state, { type: 'peer', change: 'joined', peer }).transcript.blocks
      expectShown(joined ? blockText(joined, style) : '', hidden, 'who joins')
    })
  }

  it('says how much does not fit, and writes all of it into the transcript when it is asked to', () => {
    const command = Array.from({ length: 40 }, (_, index) => `echo ${index}`).join('\n')
    const method = 'item/commandExecution/requestApproval'
    const approval = readApproval({ id: 1, method, params: { command }, item: null })
    const shown = approvalLines({ approval, selected: 0, form: undefined }, { ...space, width: 60, rows: 12 })
    expect(shown).to.have.length(12)
    expect(shown[7]).to.equal('  … 35 more lines: v shows all of it')
    const waiting = approvalLines({ approval, selected: null, form: undefined }, { ...space, width: 60, rows: 12 })
    expect(waiting[7]).to.equal('  … 34 more lines: Tab, then v shows all of it')
    const [intent] = onApproval(approval, 0, { name: 'text', text: 'v' })
    const said = intent && 'type' in intent && intent.type === 'say' ? intent.blocks : []
    const whole = said.map((block) => blockText(block, { ...style, width: 60 })).join('\n')
    for (const line of command.split('\n'))
      expect(whole.split('\n').map((each) => each.replace('$', ' ').trim())).to.include(line)
  })

  it('shows an option whole', () => {
    const label = `${'long '.repeat(30)}end`
    const question = { id: 'q', header: 'H', question: 'Q', options: [{ label, description: '' }], isOther: false }
    const approval = readApproval({
      id: 1,
      method: 'item/tool/requestUserInput',
      params: { questions: [question] },
      item: null,
    })
    const lines = approvalLines({ approval, selected: null, form: undefined }, { ...space, width: 40 })
    expect(lines.map((line) => line.trim()).join(' ')).to.include(label)
  })

  it('shows in the composer what was pasted into it', () => {
    const text = 'a\u001b[2J\u202e\u{e0041}b'
    expect(composerLines({ ...emptyComposer, text }, { width: 80, rows: 3, active: false })).to.deep.equal([
      'a␛[2J\\u{202e}\\u{e0041}b',
    ])
  })

  it('takes no escape sequence from an entity in an answer', () => {
    const block = { kind: 'speech', speech: 'answer', first: true, text: 'a &#27;[2J b &#x202e; c' } as const
    expect(blockText(block, style)).to.equal('\ncodex\na  b \\u{202e} c')
  })
})
