import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { looseningMembers } from '../../../../src/daemon/thread-settings/loosening.ts'
import type { Sandbox, ThreadSettings } from '../../../../src/daemon/thread-settings/read-settings.ts'

const workspace: Sandbox = {
  type: 'workspaceWrite',
  writableRoots: ['/srv/shared'],
  networkAccess: false,
  excludeTmpdirEnvVar: true,
  excludeSlashTmp: true,
}
const readOnly: Sandbox = { type: 'readOnly', networkAccess: false }
const fullAccess: Sandbox = { type: 'dangerFullAccess' }
const current: ThreadSettings = {
  approvalPolicy: 'on-request',
  approvalsReviewer: 'user',
  sandbox: workspace,
  cwd: '/home/ann/work',
  roots: ['/home/ann/work'],
  permissions: null,
  model: 'm',
  modelProvider: 'p',
  serviceTier: null,
  effort: null,
}

describe('what loosens a thread', () => {
  const loosens = (request: object, now: Partial<ThreadSettings> = {}) =>
    looseningMembers({ ...request }, { ...current, ...now })
  const none = (requests: readonly object[], now: Partial<ThreadSettings> = {}) =>
    expect(requests.filter((request) => loosens(request, now).length > 0)).to.deep.equal([])
  const all = (requests: readonly object[], now: Partial<ThreadSettings> = {}) =>
    expect(requests.filter((request) => loosens(request, now).length === 0)).to.deep.equal([])

  it('is nothing in what is null, what is as it is, and what says nothing of sandbox or approvals', () => {
    none([
      {},
      {
        approvalPolicy: null,
        approvalsReviewer: null,
        sandboxPolicy: null,
        permissions: null,
        cwd: null,
        config: {},
        path: '',
      },
      { approvalPolicy: 'on-request', approvalsReviewer: 'user', sandboxPolicy: workspace, cwd: current.cwd },
      { model: 'other', effort: 'high', serviceTier: 'fast', outputSchema: {} },
    ])
  })

  it('is asking people less', () => {
    all([
      { approvalPolicy: 'never' },
      { approvalPolicy: 'on-failure' },
      { approvalPolicy: { granular: {} } },
      { approvalPolicy: 7 },
    ])
    none([{ approvalPolicy: 'untrusted' }])
    all([{ approvalPolicy: 'on-request' }], { approvalPolicy: 'untrusted' })
    none([{ approvalPolicy: 'on-request' }, { approvalPolicy: 'untrusted' }], { approvalPolicy: 'never' })
    const granular = { granular: { rules: true } }
    none([{ approvalPolicy: granular }, { approvalPolicy: 'untrusted' }], { approvalPolicy: granular })
    all([{ approvalPolicy: 'on-request' }, { approvalPolicy: { granular: { rules: false } } }], {
      approvalPolicy: granular,
    })
    all([{ approvalsReviewer: 'auto_review' }, { approvalsReviewer: 'whatever comes next' }])
    none([{ approvalsReviewer: 'user' }], { approvalsReviewer: 'auto_review' })
  })

  it('is a wider sandbox, by a policy, a mode or a profile', () => {
    all([
      { sandboxPolicy: fullAccess },
      { sandboxPolicy: { type: 'externalSandbox', networkAccess: 'restricted' } },
      { sandboxPolicy: { ...workspace, networkAccess: true } },
      { sandboxPolicy: { ...workspace, writableRoots: ['/srv/shared', '/etc'] } },
      { sandboxPolicy: { ...workspace, excludeSlashTmp: false } },
      { sandboxPolicy: { ...workspace, excludeTmpdirEnvVar: false } },
      { sandboxPolicy: { type: 'readOnly', networkAccess: true } },
      { sandboxPolicy: { type: 'constructor' } },
      { sandboxPolicy: 'read-only' },
      ...['danger-full-access', 'workspace-write', 'constructor', ':read-only-not'].map((sandbox) => ({ sandbox })),
      ...[':danger-full-access', ':workspace', 'my own', ':constructor', 7].map((permissions) => ({ permissions })),
    ])
    none([
      { sandboxPolicy: readOnly },
      { sandboxPolicy: { ...workspace, writableRoots: [] } },
      { sandboxPolicy: { ...workspace, writableRoots: ['/srv/shared/below'] } },
      { sandbox: 'read-only' },
      { permissions: ':read-only' },
    ])
    none([{ permissions: 'my own' }], { permissions: 'my own' })
    none([{ sandbox: 'workspace-write' }, { sandboxPolicy: { ...workspace, networkAccess: true } }], {
      sandbox: fullAccess,
    })
  })

  it('is another folder, where commands may write in it', () => {
    const elsewhere = [
      { cwd: '/' },
      { cwd: '/home/ann' },
      { cwd: 'work' },
      { cwd: '/home/ann/work/../other' },
      { cwd: '/home/ann/workbench' },
      { runtimeWorkspaceRoots: ['/home/ann/work', '/etc'] },
      { environments: [{ environmentId: 'local', cwd: '/etc' }] },
      { environments: [{ environmentId: 'local', cwd: '/home/ann/work', runtimeWorkspaceRoots: ['/etc'] }] },
      { environments: 'any' },
    ]
    all(elsewhere)
    none([
      { cwd: '/home/ann/work/below' },
      { cwd: '/srv/shared' },
      { runtimeWorkspaceRoots: ['/home/ann/work'] },
      { environments: [{ environmentId: 'local', cwd: '/home/ann/work/below' }] },
      { environments: [] },
      { cwd: '/etc', permissions: ':read-only' },
    ])
    none([{ cwd: '/etc' }], { sandbox: readOnly })
    none([{ cwd: '/etc' }], { sandbox: fullAccess })
    all([{ cwd: '/etc', sandbox: 'workspace-write' }], { sandbox: fullAccess })
    all([{ environments: [{ environmentId: 'remote', cwd: '/home/ann/work' }] }], { sandbox: readOnly })
  })

  it('is a folder behind a link that leads out of the workspace', () => {
    const folder = mkdtempSync(join(tmpdir(), 'codex-share-link-'))
    symlinkSync('/etc', join(folder, 'link'))
    expect(loosens({ cwd: join(folder, 'link') }, { cwd: folder })).to.deep.equal(['cwd'])
    rmSync(folder, { recursive: true })
  })

  it('is what cannot be judged: configuration as such, and another thread than the one named', () => {
    all([{ config: { sandbox_mode: 'read-only' } }, { config: 'any' }, { path: '/rollout.jsonl' }, { history: [] }])
  })
})
