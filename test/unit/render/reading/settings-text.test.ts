import { expect } from 'chai'
import { settingsText } from '../../../../src/render/reading/settings-text.ts'
import { ada } from '../../../support/samples/sample-events.ts'

describe('a change of a thread’s settings in words', () => {
  const text = (changes: unknown, by: typeof ada | null = ada) =>
    settingsText({ params: { threadId: 't', changes }, by })
  const workspace = { type: 'workspaceWrite', writableRoots: [], networkAccess: false }

  it('says what holds now, what held before, and by whom', () => {
    expect(text([{ setting: 'approvalPolicy', from: 'on-request', to: 'never' }])).to.equal(
      'approvals are now never (before: on-request), by ada',
    )
    expect(text([{ setting: 'effort', from: null, to: 'high' }], null)).to.equal(
      'the effort is now high (before: the default)',
    )
  })

  it('says all of a sandbox that gives room', () => {
    const wide = { ...workspace, networkAccess: true, writableRoots: ['/srv/a b', '/etc'] }
    expect(text([{ setting: 'sandbox', from: workspace, to: wide }], null)).to.equal(
      'the sandbox is now workspace-write with network access and /srv/a b and /etc (before: workspace-write)',
    )
    const outside = { type: 'externalSandbox', networkAccess: 'enabled' }
    expect(text([{ setting: 'sandbox', from: { type: 'readOnly' }, to: outside }], null)).to.equal(
      'the sandbox is now an external one with network access (before: read-only)',
    )
    const granular = { granular: { rules: false } }
    expect(text([{ setting: 'approvalPolicy', from: 'never', to: granular }], null)).to.contain(
      '{"granular":{"rules":false}}',
    )
  })

  it('marks what would not show, and says what it cannot read', () => {
    const hidden = { ...ada, label: 'a\u202eda' }
    expect(text([{ setting: 'cwd', from: '/a', to: '/b\r/a' }], hidden)).to.equal(
      'the folder is now /b␍/a (before: /a), by a\\u{202e}da',
    )
    expect(text([{ setting: 'a newer one', from: 1, to: 2 }])).to.equal('the settings of the thread changed, by ada')
  })
})
