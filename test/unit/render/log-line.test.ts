/** The daemon's log as people read it. */
import { expect } from 'chai'
import { logLine, logTime } from '../../../src/render/log-line.ts'
import { createPaint } from '../../../src/render/terminal/theme.ts'

const paint = createPaint(false)
const at = new Date(2026, 10, 22, 9, 8, 7)

describe('A line of the log', () => {
  it('shows time, level, message and what belongs to it', () => {
    const line = JSON.stringify({ level: 40, time: at.toISOString(), threadId: 't1', events: 3, msg: 'caught up' })
    expect(logLine(line, paint)).to.equal('2026-11-22 09:08:07 warn  caught up threadId=t1 events=3')
  })

  it('shows the stack of an error under it', () => {
    const line = JSON.stringify({
      level: 60,
      time: at.getTime(),
      msg: 'failed',
      err: { message: 'no', stack: 'Error: no\n  at x' },
    })
    expect(logLine(line, paint)).to.equal('2026-11-22 09:08:07 fatal failed \n    Error: no\n      at x')
  })

  it('leaves what is not JSON as it is, made safe', () => {
    const lines = ['plain \u001b[31mred', '{"half":', '5', '[]']
    expect(lines.map((line) => logLine(line, paint))).to.deep.equal(['plain red', '{"half":', '5', '[]'])
  })

  it('has a time where there is one', () => {
    expect([logTime(JSON.stringify({ time: at.getTime() })), logTime('plain')]).to.deep.equal([at.getTime(), undefined])
  })
})
