/** Blocks of the text output, and where they stand on the page. */
import { expect } from 'chai'
import { foldLines, foldText } from '../../../../src/render/text/fold-lines.ts'
import {
  changeBlock,
  commandHead,
  commandResult,
  stepsBlock,
  turnEnd,
} from '../../../../src/render/text/text-blocks.ts'
import { TextPage } from '../../../../src/render/text/text-page.ts'

/** Names the look of each line. */
const style = { paint: (look: string, text: string) => `${look}|${text}`, width: 40 }

describe('A long list of lines', () => {
  it('is shortened in the middle, and never by a single line', () => {
    const lines = (count: number) => Array.from({ length: count }, (_, index) => `${index}`)
    const fold = { head: 2, tail: 1 }
    expect(foldLines(lines(4), fold)).to.deep.equal(lines(4))
    expect(foldLines(lines(6), fold)).to.deep.equal(['0', '1', '… 3 more lines', '5'])
  })

  it('has its longest lines cut', () => {
    expect(foldText(`${'x'.repeat(2003)}\nb`, { head: 5, tail: 5 })).to.equal(
      `${'x'.repeat(2000)}… 3 more characters\nb`,
    )
  })
})

describe('A block of text', () => {
  const facts = { command: 'npm test', output: 'one\n', exitCode: 0, durationMs: 1200, status: 'completed' }

  it('is a command, and how it ended', () => {
    expect(commandHead({ ...facts, command: 'a\nb' }, style)).to.equal('command|$ a\ncommand|  b')
    expect(commandResult(facts, style)).to.equal('quiet|  one\nquiet|  exit 0 · 1.2 s')
    const none = { ...facts, output: ' \n', durationMs: null }
    const endings = [
      { exitCode: 2 },
      { status: 'declined' },
      { exitCode: null, status: 'failed' },
      { exitCode: null, status: '' },
    ]
    expect(endings.map((ending) => commandResult({ ...none, ...ending }, style))).to.deep.equal([
      ...['bad|  exit 2', 'caution|  declined', 'bad|  failed', 'quiet|  ended'],
    ])
  })

  it('is a change with its counts, its lines by what they are', () => {
    const change = { path: 'a.ts', kind: 'update', movedTo: 'b.ts', diff: '@@ -1 +1 @@\n-x\n+y\n z' }
    expect(changeBlock(change, 'failed', style).split('\n')).to.deep.equal([
      'command|± a.ts → b.ts  +1 -1  failed',
      ...['hunk|  @@ -1 +1 @@', 'removed|  -x', 'added|  +y', 'quiet|   z'],
    ])
    expect(changeBlock({ ...change, kind: 'add', movedTo: '', diff: 'x' }, 'completed', style)).to.match(
      /^command\|\+ a\.ts {2}\+1 -0\n/,
    )
  })

  it('is a plan, with a mark for each step', () => {
    const steps = ['completed', 'inProgress', 'pending', 'odd'].map((status) => ({ text: status, status }))
    expect(stepsBlock({ explanation: 'So:', steps }, style).split('\n')).to.deep.equal([
      ...['heading|Plan', 'So:', 'quiet|  ✔ completed', '  ▸ inProgress', '  ○ pending', '  ○ odd'],
    ])
  })

  it('is the end of a turn, with a reason that was not told before', () => {
    const end = { status: 'completed', durationMs: 3200, reason: '', who: 'ada', shownReason: '' }
    const ends = [
      end,
      { ...end, status: 'interrupted' },
      { ...end, status: 'failed', reason: 'no network' },
      { ...end, status: 'failed', reason: 'no network', shownReason: 'no network', durationMs: null },
      { ...end, status: '', durationMs: null },
    ]
    expect(ends.map((each) => turnEnd(each, style))).to.deep.equal([
      'good|✔ completed in 3.2 s',
      'caution|■ interrupted by ada after 3.2 s',
      'bad|✖ failed after 3.2 s: no network',
      'bad|✖ failed',
      'quiet|ended',
    ])
  })
})

describe('A page of text', () => {
  it('keeps blocks a blank line apart, and lines and headings directly above what belongs to them', () => {
    const page = new TextPage()
    page.writeBlock('one')
    page.writeLines('under it')
    page.writeHeading('Two')
    page.writeBlock('its block')
    expect(page.take()).to.equal('one\nunder it\n\nTwo\nits block\n')
    page.writeBlock('more')
    expect([page.take(), page.take()]).to.deep.equal(['\nmore\n', ''])
  })

  it('ends a line that is streamed before anything else is written', () => {
    const page = new TextPage()
    page.writePiece('a', 'x\ny', (text) => `<${text}>`)
    expect(page.streamingItem).to.equal('a')
    page.writePiece('a', '', (text) => `<${text}>`)
    page.writeBlock('z')
    expect([page.take(), page.streamingItem]).to.deep.equal(['<x>\n<y>\n\nz\n', undefined])
  })
})
