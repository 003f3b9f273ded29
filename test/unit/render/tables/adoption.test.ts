import { expect } from 'chai'
import { adoptionLines, leftOutNotice } from '../../../../src/render/tables/adoption.ts'
import { unsharedList } from '../../../../src/render/tables/unshared-list.ts'
import { createPaint } from '../../../../src/render/terminal/theme.ts'

const paint = createPaint(false)
const path = '/home/ann/.codex/app-server-control/app-server-control.sock'

describe('How a plain codex is served', () => {
  const lines = (state: 'off' | 'listening' | 'foreign' | 'waiting', more = {}) =>
    adoptionLines({ path, state, holder: null, problem: null, ...more }, paint)

  it('is said in a line, with the path', () => {
    expect(lines('off')).to.deep.equal(['off: a plain codex uses a server of its own', path])
    expect(lines('listening', { holder: 7 })).to.deep.equal([
      'listening: every new plain codex comes through here',
      path,
    ])
  })

  it('says who is there, and how to end it', () => {
    expect(lines('foreign', { holder: 7 }).join('\n')).to.match(/\(pid 7\).*\n.*\n.*codex app-server daemon stop/)
    expect(lines('foreign')[0]).not.to.include('pid')
  })

  it('says why not, in safe lines', () => {
    expect(lines('waiting', { problem: 'no\nsuch \u001b[2J' })).to.deep.equal(['waiting: no', 'such ␛[2J', path])
    expect(lines('waiting')[0]).to.equal('waiting: the place is being taken')
  })
})

describe('What is left out of the environment', () => {
  it('is named, with how to keep it; nothing is said where it is nothing', () => {
    expect(leftOutNotice(['A_KEY', 'B_TOKEN'])).to.match(/secrets: A_KEY, B_TOKEN\. .*--keep A_KEY$/)
    expect(leftOutNotice([])).to.equal(null)
  })
})

describe('The list of what is not shared', () => {
  it('names the thread, what was said, and where it is open', () => {
    const openIn = [
      { label: 'codex-tui p1', pid: 7 },
      { label: 'codex-tui p2', pid: null },
    ]
    const thread = { threadId: 'a', name: null, cwd: '/work', preview: 'fix\nit', running: true, openIn }
    const [header, row] = unsharedList([thread], { paint }).split('\n')
    expect(header).to.match(/^NOT SHARED +NAME +TURN +OPEN IN +FOLDER$/)
    expect(row).to.match(/^a +fix it +running +codex-tui p1 \(pid 7\), codex-tui p2 +\/work$/)
  })
})
