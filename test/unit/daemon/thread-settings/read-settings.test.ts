/** Settings as Codex tells them, in its answers and its notifications. */
import { expect } from 'chai'
import {
  readEnvironments,
  readSandbox,
  settingsInAnswer,
  settingsInNotification,
} from '../../../../src/daemon/thread-settings/read-settings.ts'

const common = { approvalPolicy: 'on-request', cwd: '/work', activePermissionProfile: { id: 'p' }, model: 'm' }
const read = {
  ...{ approvalPolicy: 'on-request', approvalsReviewer: 'user', cwd: '/work', permissions: 'p' },
  ...{ model: 'm', modelProvider: null, serviceTier: null, effort: 'high' },
  sandbox: { type: 'readOnly', networkAccess: false },
}

describe('The settings of a thread', () => {
  it('are the same in an answer and in a notification', () => {
    const sandbox = { type: 'readOnly' }
    const answer = { ...common, sandbox, reasoningEffort: 'high', runtimeWorkspaceRoots: ['/more'] }
    const environments = [
      { environmentId: 'e', cwd: '/work' },
      { environmentId: 'f', cwd: '/work', runtimeWorkspaceRoots: ['/more'] },
    ]
    const notification = { ...common, sandboxPolicy: sandbox, effort: 'high', environments }
    expect(settingsInAnswer(answer)).to.deep.equal({ ...read, roots: ['/more'] })
    expect(settingsInNotification(notification)).to.deep.equal({ ...read, roots: ['/work', '/more'] })
  })

  it('are not known in another form', () => {
    expect([settingsInAnswer({}), settingsInAnswer({ ...common, sandbox: { type: 'hologram' } })]).to.deep.equal([
      ...[undefined, undefined],
    ])
    expect(settingsInNotification(null)).to.equal(undefined)
  })

  it('are wished for with a sandbox and environments that are known, or not', () => {
    expect([readSandbox({ type: 'readOnly' }), readSandbox('read-only')]).to.deep.equal([read.sandbox, undefined])
    expect([readEnvironments(null), readEnvironments([{ cwd: 7 }])]).to.deep.equal([[], undefined])
  })
})
