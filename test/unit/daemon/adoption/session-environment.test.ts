/** What of its shell's environment goes along with a session's thread. The process that asks is this one, and so is the app-server. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { withSessionEnvironment } from '../../../../src/daemon/adoption/session-environment.ts'
import type { DaemonCore } from '../../../../src/daemon/core.ts'
import type { PeerIdentity } from '../../../../src/daemon/peers/peer-identity.ts'
import { keepEnvironment } from '../../../../src/platform/environment/kept-environment.ts'
import { thisSystem } from '../../../../src/platform/system/this-system.ts'
import { silentLog } from '../../../support/sites/thread-site.ts'

const [shell, server] = [11, 12]

describe('The environment of a session', () => {
  const { environmentOf } = thisSystem
  let environments: Record<number, Readonly<Record<string, string>> | undefined>
  let policy: unknown
  let places: DaemonCore['places']

  beforeEach(() => {
    const dataDir = mkdtempSync(join(tmpdir(), 'codex-share-session-'))
    places = { dataDir, environmentFile: join(dataDir, 'environment') } as DaemonCore['places']
    environments = {
      [shell]: { PATH: '/venv:/bin', LANG: 'C', GH_TOKEN: 'new', TERM: 'x' },
      [server]: { PATH: '/bin', LANG: 'C' },
    }
    policy = null
    thisSystem.environmentOf = async (pid) => environments[pid]
  })
  afterEach(() => {
    thisSystem.environmentOf = environmentOf
    rmSync(places.dataDir, { recursive: true })
  })

  const ask = (params: object = {}, identity: PeerIdentity = { kind: 'own', pid: shell }) => {
    const forward = async () => ({ config: { shell_environment_policy: policy } })
    const deps = {
      ...{ places, log: silentLog, supervisor: { info: { pid: server } } },
      gateway: { link: async () => ({ forward }) },
    } as unknown as DaemonCore
    return withSessionEnvironment(deps, identity, { cwd: '/work', ...params })
  }
  const set = (variables: object) => ({ 'shell_environment_policy.set': variables })

  it('goes along where it differs from the app-server’s, beside the settings that the session asks for', async () => {
    expect(await ask({ config: { model: 'm' } })).to.deep.equal({
      cwd: '/work',
      config: { model: 'm', ...set({ PATH: '/venv:/bin' }) },
    })
  })

  it('has the secrets that were asked for, and no others', async () => {
    await keepEnvironment(places, { GH_TOKEN: 'old' }, ['GH_TOKEN'])
    expect(await ask()).to.deep.include({ config: set({ GH_TOKEN: 'new', PATH: '/venv:/bin' }) })
  })

  for (const [title, change] of [
    ['where nothing differs', { ofShell: { LANG: 'C' } }],
    ['where the person has a policy of their own', { policy: { inherit: 'core', set: null } }],
    ['that is not to be seen', { ofShell: undefined }],
    ['that is far too large', { ofShell: { BIG: 'x'.repeat(70_000) } }],
  ] as const)
    it(`stays behind ${title}`, async () => {
      if ('policy' in change) policy = change.policy
      else environments[shell] = change.ofShell
      expect(await ask()).to.deep.equal({ cwd: '/work' })
    })

  it('stays behind where the session has set a policy, or is no process of the user’s own', async () => {
    const config = { 'shell_environment_policy.inherit': 'none' }
    expect(await ask({ config })).to.deep.equal({ cwd: '/work', config })
    expect(await ask({}, { kind: 'confined', pid: shell })).to.deep.equal({ cwd: '/work' })
  })

  it('goes along where the policy says nothing', async () => {
    policy = { inherit: null, set: null }
    expect(await ask()).to.have.property('config')
  })
})
