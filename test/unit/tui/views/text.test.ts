/** Texts of the screen: markdown, footer, composer, menus, in few and many columns. */
import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { displayWidth } from '../../../../src/render/terminal/display-width.ts'
import { createPaint } from '../../../../src/render/terminal/theme.ts'
import { confirmField, editForm, startForm } from '../../../../src/tui/state/approval-form.ts'
import { readApproval } from '../../../../src/tui/state/approvals.ts'
import { emptyComposer } from '../../../../src/tui/state/composer.ts'
import { type Session, startingSession } from '../../../../src/tui/state/session.ts'
import { startingState } from '../../../../src/tui/state/ui-state.ts'
import { createHighlight } from '../../../../src/tui/theme/highlight-code.ts'
import type { Style } from '../../../../src/tui/theme/style.ts'
import { approvalLines } from '../../../../src/tui/views/approval-lines.ts'
import { composerLines } from '../../../../src/tui/views/composer-text.ts'
import { footerText } from '../../../../src/tui/views/footer-text.ts'
import { hintLines } from '../../../../src/tui/views/hint-text.ts'
import { markdownText } from '../../../../src/tui/views/markdown-text.ts'
import { overlayLines } from '../../../../src/tui/views/overlay-lines.ts'
import { queuePreview } from '../../../../src/tui/views/queue-preview.ts'

const plain: Style = { paint: createPaint(false), width: 40, screenReader: false }
const coloured: Style = { ...plain, paint: createPaint(true) }

const shared: Session = {
  ...startingSession('/work', false),
  mode: 'SHARED',
  threadId: '01a205c2-506d-7ce0-ab9b-16c46309fc42',
  endpoint: 'unix:///run/user/1000/codex-share/daemon.sock',
  model: 'gpt-5',
  tokens: 12_345,
  turn: { turnId: 't', startedAtMs: 0, by: 'anna' },
  connection: { state: 'open' },
}

describe('Markdown in the terminal', () => {
  it('keeps its meaning without colours', () => {
    const text = '# Plan\n\nUse **this** and `that`, see [docs](https://x.y).\n\n1. one\n2. two\n   - nested\n\n> said'
    expect(markdownText(text, plain).split('\n')).to.deep.equal([
      '# Plan',
      '',
      'Use this and `that`, see docs',
      '(https://x.y).',
      '',
      '1. one',
      '2. two',
      '   • nested',
      '',
      '▏ said',
    ])
  })

  it('indents what is wrapped under its list item', () => {
    const text = markdownText('- a longer item that does not fit into one line of forty', plain)
    expect(text).to.equal('• a longer item that does not fit into\n  one line of forty')
  })

  it('is words and plain lines for a screen reader', () => {
    const text = '# Plan\n\n- one\n\n> said\n\n| a | b |\n|---|---|\n| 1 | two |\n\n---'
    const lines = ['heading: Plan', '', '- one', '', 'quote: said', '', 'a: 1; b: two']
    expect(markdownText(text, { ...plain, screenReader: true }).split('\n')).to.deep.equal(lines)
  })

  it('shows a table in columns, and tasks with their marks', () => {
    expect(markdownText('| a | b |\n|---|---|\n| 1 | two |', plain)).to.equal('a │ b  \n──┼────\n1 │ two')
    expect(markdownText('- [x] done\n- [ ] open', plain)).to.equal('[x] done\n[ ] open')
  })

  it('colours code when it knows the language, and changes none of it', () => {
    const code = 'const a = "x" // why'
    const style = { ...coloured, highlight: createHighlight(coloured.paint) }
    const text = markdownText(`\`\`\`ts\n${code}\n\`\`\``, style)
    expect(text).to.contain('\u001b[')
    expect(stripVTControlCharacters(text)).to.equal(`  ts\n  ${code}`)
  })

  it('never makes a line wider than the terminal', () => {
    const text = ['漢字'.repeat(40), '```', 'x'.repeat(100), '```', `- ${'word '.repeat(30)}`].join('\n\n')
    for (const line of markdownText(text, plain).split('\n')) expect(displayWidth(line)).to.be.at.most(40)
  })
})

describe('The footer', () => {
  it('shows everything where there is room', () => {
    expect(footerText(shared, 12_000, { ...plain, width: 200 })).to.equal(
      '● SHARED · …6309fc42 · running 12 s (anna) · 0 peers · 12.3k tokens · unix:///run/user/1000/codex-share/daemon.sock · gpt-5',
    )
  })

  it('keeps mode, thread and turn in few columns', () => {
    expect(footerText(shared, 12_000, plain)).to.equal('● SHARED · …6309fc42 · running 12 s')
    expect(footerText({ ...shared, turn: null }, 0, plain)).to.equal('● SHARED · …6309fc42 · idle · 0 peers')
  })

  it('gives the end of the endpoint where the whole has no room', () => {
    expect(footerText({ ...shared, turn: null }, 0, { ...plain, width: 80 })).to.equal(
      '● SHARED · …6309fc42 · idle · 0 peers · 12.3k tokens · …/codex-share/daemon.sock',
    )
  })

  it('counts what goes on in whole seconds', () => {
    const running = (ms: number) => footerText(shared, ms, { ...plain, width: 60 })
    expect([running(1900), running(59_999), running(65_000)].map((text) => text.split(' · ')[2])).to.deep.equal([
      'running 1 s (anna)',
      'running 59 s (anna)',
      'running 1 min 5 s (anna)',
    ])
  })

  it('has nothing that changes every second for a screen reader', () => {
    const reader: Style = { ...plain, width: 64, screenReader: true }
    const footer = (session: Partial<Session>, now: number) => footerText({ ...shared, ...session }, now, reader)
    expect(footer({}, 5000)).to.equal('SHARED, thread 6309fc42, running (anna), 0 peers, 12.3k tokens')
    const silent = { connection: { state: 'silent', since: 0 } } as const
    expect(footer(silent, 5000)).to.equal(footer(silent, 9000))
  })

  it('says that the daemon does not answer, and for how long', () => {
    const silent: Session = { ...shared, connection: { state: 'silent', since: 1000 } }
    expect(footerText(silent, 8000, plain)).to.contain('no answer, 7 s')
  })

  it('says that the connection is lost, and for how long', () => {
    const lost: Session = { ...shared, connection: { state: 'lost', since: 1000, reason: 'gone' } }
    expect(footerText(lost, 8000, plain)).to.contain('reconnecting, 7 s')
  })
})

describe('The queue on the screen', () => {
  const prompt = (text: string) => ({
    id: text,
    text,
    by: { label: 'ben', kind: 'codex', pid: null },
    queuedAt: '2026-11-22T00:04:00.000Z',
  })
  const having = (...texts: string[]): Session => ({
    ...shared,
    queue: { threadId: 't', prompts: texts.map(prompt), heldBack: null },
  })

  it('shows what is next, and by whom', () => {
    expect(queuePreview(shared, plain)).to.deep.equal([])
    expect(queuePreview(having('fix the tests', 'and then everything else that is broken'), plain)).to.deep.equal([
      'Queued',
      '  ↳ ben: fix the tests',
      '  ↳ ben: and then everything else that …',
    ])
  })

  it('counts what has no room, and says why nothing goes on', () => {
    const { queue } = having('1', '2', '3', '4', '5')
    const heldBack = { ...shared, queue: queue && { ...queue, heldBack: 'the last turn was interrupted' } }
    expect(queuePreview(heldBack, { ...plain, width: 60, screenReader: true })).to.deep.equal([
      'Queued, held back: the last turn was interrupted',
      '  ben: 1',
      '  ben: 2',
      '  ben: 3',
      '  and 2 more',
    ])
  })
})

describe('The composer on the screen', () => {
  const lines = (text: string, cursor = text.length, rows = 5) =>
    composerLines({ ...emptyComposer, text, cursor }, { width: 10, rows, active: true }).map((line) =>
      line.replaceAll('\u001b[7m', '<').replaceAll('\u001b[27m', '>'),
    )

  it('shows the cursor on, between and behind the characters', () => {
    expect(lines('ab')).to.deep.equal(['ab< >'])
    expect(lines('ab', 1)).to.deep.equal(['a<b>'])
    expect(lines('a\nb', 1)).to.deep.equal(['a< >', 'b'])
  })

  it('wraps by columns, with wide characters counted as two', () => {
    expect(lines('漢字漢字漢字')).to.deep.equal(['漢字漢字漢', '字< >'])
    expect(lines('a漢字漢字漢')).to.deep.equal(['a漢字漢字', '漢< >'])
  })

  it('shows the part around the cursor of a long text', () => {
    const text = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n')
    const shown = lines(text)
    expect([shown.length, shown.at(-1)]).to.deep.equal([5, 'line 49< >'])
  })
})

describe('A form on the screen', () => {
  const params = {
    serverName: 'desk',
    mode: 'form',
    message: 'Which release?',
    requestedSchema: {
      type: 'object',
      properties: { channel: { type: 'string', enum: ['stable', 'beta'] }, name: { type: 'string', title: 'Name' } },
    },
  }
  const approval = readApproval({ id: 1, method: 'mcpServer/elicitation/request', params, item: null })
  const space = { ...plain, width: 60, rows: 12, now: 0 }

  it('is announced with its fields', () => {
    expect(approvalLines({ approval, selected: null, form: undefined }, space)).to.deep.equal([
      '⏸ A tool server has a question  Tab to answer',
      '  desk: Which release?',
      '  channel',
      '  Name',
      '  f  Answer all 2…',
      '  n  No; Codex goes on without it',
    ])
  })

  it('shows the field that is written, what may be said, what was said before, and what is wrong', () => {
    const form = { ...startForm(approval), problem: 'a number from 1 to 2' }
    expect(approvalLines({ approval, selected: null, form }, space)).to.deep.equal([
      '⏸ A tool server has a question  Tab to answer',
      '  1 of 2  channel  (one of these; may be left out)',
      '    1  stable',
      '    2  beta',
      '  ›  ',
      '  a number from 1 to 2',
    ])
    const second = confirmField(approval, editForm(startForm(approval), { edit: 'insert', text: 'beta' }))
    const written = 'form' in second ? editForm(second.form, { edit: 'insert', text: 'spring' }) : undefined
    const lines = approvalLines({ approval, selected: 0, form: written }, space)
    expect(lines.map(stripVTControlCharacters)).to.deep.equal([
      '⏸ A tool server has a question',
      'Enter · Esc back · Tab for the composer',
      '  channel  beta',
      '  2 of 2  Name  (text; may be left out)',
      '  › spring ',
    ])
  })

  it('shows no secret', () => {
    const question = { id: 'key', header: 'Key', question: 'Which?', isOther: false, isSecret: true, options: null }
    const secret = readApproval({
      id: 2,
      method: 'item/tool/requestUserInput',
      params: { questions: [question] },
      item: null,
    })
    const form = editForm(startForm(secret), { edit: 'insert', text: 'hush' })
    expect(approvalLines({ approval: secret, selected: null, form }, space).at(-1)).to.equal('  › •••• ')
  })
})

describe('The menu of /share', () => {
  it('fits into 40 columns, with the ends of what is longer', () => {
    const session: Session = { ...shared, turn: null }
    expect(overlayLines({ kind: 'share', selected: 2 }, session, { ...plain, rows: 11, now: 0 })).to.deep.equal([
      'Share  ↑↓ Enter · Esc',
      'Mode    SHARED',
      'Thread  …5c2-506d-7ce0-ab9b-16c46309fc42',
      'Server  …er/1000/codex-share/daemon.sock',
      'Turn    idle',
      '  1. Start sharing this session (done)',
      '  2. Join shared session',
      '\u001b[7m› 3. Stop sharing\u001b[27m',
      '  4. Help / About sharing',
    ])
  })
})

describe('The menu of a busy thread', () => {
  it('says since when, and by whom', () => {
    const turn = {
      threadId: 't',
      turnId: 'u',
      startedAt: new Date(2026, 10, 22, 9, 5, 7).toISOString(),
      by: { label: 'ci', kind: 'script', pid: 7 },
      waitingOnApproval: true,
    }
    const busy = { kind: 'busy', prompt: 'two\nlines', turn, selected: 0 } as const
    expect(overlayLines(busy, shared, { ...plain, width: 80, rows: 11, now: 0 }).slice(0, 2)).to.deep.equal([
      'Busy since 09:05:07: a turn by ci is running, waiting for an approval',
      '  “two lines”',
    ])
  })
})

describe('The list of sessions', () => {
  it('says why it is empty, and what to do, where it could not be read', () => {
    const problem = 'the daemon could not be started\n  its last words\nRead its log.'
    const picker = { kind: 'picker', purpose: 'join', query: '', entries: [], selected: 0, problem } as const
    expect(overlayLines(picker, shared, { ...plain, rows: 11, now: 0 }).slice(2)).to.deep.equal([
      '  ✖ the daemon could not be started',
      '    its last words',
      '  Read its log.',
    ])
  })
})

describe('The screen for a screen reader', () => {
  it('has words in place of marks in menus, hints and what is asked', () => {
    const reader = { ...plain, width: 80, screenReader: true, rows: 20, now: 0 }
    const menu = overlayLines({ kind: 'share', selected: 1 }, { ...shared, turn: null }, reader)
    expect(menu.map((line) => stripVTControlCharacters(line)).slice(0, 7)).to.deep.equal([
      'Share  arrow keys, Enter, Esc',
      'Mode: SHARED',
      'Thread: 01a205c2-506d-7ce0-ab9b-16c46309fc42',
      'Server: unix:///run/user/1000/codex-share/daemon.sock',
      'Turn: idle',
      '1. Start sharing this session (done)',
      'selected: 2. Join shared session',
    ])
    const start = startingState({ cwd: '/', readOnly: false, draft: '', history: [], now: 0 })
    expect(hintLines({ ...start, armed: 'quit' }, reader)).to.deep.equal([
      'Ctrl+C again leaves, arrow up brings back what was written',
    ])
    const asked = {
      id: 1,
      method: 'm',
      title: 'Codex wants to run a command',
      lines: ['$ a · b'],
      fields: [],
      choices: [],
    }
    const shown = { approval: asked, selected: null, form: undefined }
    expect(approvalLines(shown, reader).slice(0, 2)).to.deep.equal([
      'Codex wants to run a command  Tab to answer',
      '  $ a · b',
    ])
  })
})

describe('A question of Codex’s', () => {
  it('keeps its title in few columns, with the keys below it', () => {
    const method = 'item/commandExecution/requestApproval'
    const approval = { id: 1, method, title: 'Codex wants to run a command', lines: ['$ ls'], fields: [], choices: [] }
    const shown = { approval, selected: null, form: undefined }
    const [first, second] = approvalLines(shown, { ...plain, rows: 11, now: 0 })
    expect([first, second]).to.deep.equal(['⏸ Codex wants to run a command', 'Tab to answer'])
    const wide = approvalLines(shown, { ...plain, width: 80, rows: 11, now: 0 })
    expect(wide[0]).to.equal('⏸ Codex wants to run a command  Tab to answer')
  })
})

describe('The line over the composer', () => {
  const start = startingState({ cwd: '/', readOnly: false, draft: '', history: [], now: 0 })

  it('shows what is on its way', () => {
    const submission = { requestId: 'r', text: 'two\nlines', state: 'sending' } as const
    expect(hintLines({ ...start, submission }, plain)).to.deep.equal(['sending “two lines”'])
  })

  it('takes a second line where it needs one, and no third', () => {
    const hint = 'word '.repeat(30).trim()
    const lines = hintLines({ ...start, hint }, plain)
    expect([lines.length, lines[1]?.endsWith('…')]).to.deep.equal([2, true])
    for (const line of lines) expect(displayWidth(line)).to.be.at.most(40)
  })
})
