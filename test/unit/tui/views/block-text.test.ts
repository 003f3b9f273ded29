/** Finished blocks, of every kind, as they are written to the terminal. */
import { expect } from 'chai'
import { createPaint } from '../../../../src/render/terminal/theme.ts'
import type { BlockBody } from '../../../../src/tui/state/transcript/block.ts'
import type { Style } from '../../../../src/tui/theme/style.ts'
import { blockText } from '../../../../src/tui/views/block-text.ts'

const plain: Style = { paint: createPaint(false), width: 40, screenReader: false }
const lines = (block: BlockBody, style = plain) => blockText(block, style).split('\n')

describe('A finished block', () => {
  it('of a prompt keeps its indent where it is wrapped', () => {
    const text = 'words that go on for more than one line\n    code stays where it is'
    const prompt = { kind: 'prompt', who: 'ben', own: false, at: 'then', text } as const
    expect(lines(prompt)).to.deep.equal([
      '',
      '› ben  then',
      '  words that go on for more than one',
      '  line',
      '      code stays where it is',
    ])
  })

  it('of any kind has words in place of marks for a screen reader, and what others wrote as it is', () => {
    const reader = (block: BlockBody) => lines(block, { ...plain, width: 80, screenReader: true })
    const facts = { command: 'echo "a · b"', output: '→ a · b', exitCode: 0, status: 'completed', durationMs: 200 }
    const change = { path: 'a.txt', kind: 'update', diff: '@@ -1 +1 @@\n-a · b\n+c\n', movedTo: 'b.txt' }
    const turn = { status: 'completed', durationMs: 1200, reason: '', who: '', shownReason: '' }
    const steps = [
      { text: 'look', status: 'completed' },
      { text: 'go', status: 'pending' },
    ]
    const answer = { kind: 'speech', speech: 'plan', first: true, text: '→ a · b' } as const
    expect([
      reader({ kind: 'prompt', who: 'anna', own: true, at: 'then', text: '→ a' }),
      reader({ kind: 'prompt', who: 'ben', own: false, at: 'then', text: 'b' }),
      reader(answer),
      reader({ kind: 'command', facts }),
      reader({ kind: 'change', change, status: 'completed' }),
      reader({ kind: 'steps', explanation: '', steps }),
      reader({ kind: 'notice', look: 'bad', text: '✖ not shared: why' }),
      reader({ kind: 'notice', look: 'quiet', text: '– ben joined' }),
      reader({ kind: 'session', facts: [['Codex', 'private · model x']] }),
      reader({ kind: 'turnEnd', ...turn }),
    ]).to.deep.equal([
      ['', 'you, then:', '  → a'],
      ['', 'ben, then:', '  b'],
      ['', 'codex, plan:', '→ a · b'],
      ['', 'command: echo "a · b"', '  → a · b', '  exit 0, 0.2 s'],
      ['', 'changed a.txt to b.txt  +1 -1', '  @@ -1 +1 @@', '  -a · b', '  +c'],
      ['', 'Plan', '  done: look', '  to do: go'],
      ['error: not shared: why'],
      ['ben joined'],
      ['', 'Codex: private, model x'],
      ['', 'completed in 1.2 s'],
    ])
  })

  it('of a page keeps its columns and its indent', () => {
    const page = { kind: 'page', title: 'Help', lines: ['/who      lists who is here at this moment'] } as const
    expect(lines(page)).to.deep.equal(['', 'Help', '  /who      lists who is here at this', '  moment'])
  })

  it('of a notice has its look on the mark, so that the words can be read on any background', () => {
    const notice = { kind: 'notice', look: 'bad', text: '✖ not shared: why\n  What to do.' } as const
    const bad = (text: string) => createPaint(true)('bad', text)
    expect(lines(notice, { ...plain, paint: createPaint(true) })).to.deep.equal([
      `${bad('✖')} not shared: why`,
      '  What to do.',
    ])
  })

  it('of a file that was changed is its diff', () => {
    const diff = '@@ -1 +1 @@\n-old\n+new\n'
    const change = { path: 'a.txt', kind: 'update', diff, movedTo: '' }
    expect(lines({ kind: 'change', change, status: 'completed' }).slice(-3)).to.deep.equal([
      '  @@ -1 +1 @@',
      '  -old',
      '  +new',
    ])
  })

  it('of thoughts is set apart from the answer', () => {
    const thought = { kind: 'speech', speech: 'reasoning', first: true, text: 'Look first.' } as const
    expect(lines(thought)).to.deep.equal(['', 'codex · thinking', 'Look first.'])
    expect(lines({ ...thought, first: false })).to.deep.equal(['', 'Look first.'])
  })

  it('of a plan has a mark for each step', () => {
    const plan = [
      { text: 'Look', status: 'completed' },
      { text: 'Mend', status: 'inProgress' },
      { text: 'Test', status: 'pending' },
    ]
    const [, , ...steps] = lines({ kind: 'steps', explanation: '', steps: plan })
    expect(steps.map((line) => line.trim().split(' ')[0])).to.have.lengthOf(3)
    expect(new Set(steps.map((line) => line.trim().split(' ')[0])).size).to.equal(3)
  })
})
