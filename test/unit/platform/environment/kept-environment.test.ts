import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import {
  forgetEnvironment,
  keepEnvironment,
  readKeptEnvironment,
} from '../../../../src/platform/environment/kept-environment.ts'
import { differing, personVariables } from '../../../../src/platform/environment/person-variables.ts'
import type { Places } from '../../../../src/platform/places/resolve-places.ts'

describe('The environment that is kept for the app-server', () => {
  let places: Places

  beforeEach(() => {
    const dataDir = mkdtempSync(join(tmpdir(), 'codex-share-environment-'))
    places = { dataDir, environmentFile: join(dataDir, 'environment') } as Places
  })
  afterEach(() => rmSync(places.dataDir, { recursive: true }))

  it('is read as it was written, whatever is in it', async () => {
    const env = { PATH: '/a b:/c', QUOTED: `"it's" \\ $HOME \`id\` # no comment`, EMPTY: '', ÜNIQUE: 'left out' }
    const { ÜNIQUE: _no, ...kept } = env
    await keepEnvironment(places, env, [])
    expect(readKeptEnvironment(places)).to.deep.equal(kept)
    expect(statSync(places.environmentFile).mode & 0o777).to.equal(0o600)
  })

  it('has no secrets, unless they were asked for: then also the next time', async () => {
    const env = { PATH: '/bin', GH_TOKEN: 'one', DATABASE_URL: 'postgres://me:word@host/db' }
    expect((await keepEnvironment(places, env, [])).secrets).to.deep.equal(['DATABASE_URL', 'GH_TOKEN'])
    expect(readFileSync(places.environmentFile, 'utf8')).not.to.match(/GH_TOKEN|word/)
    await keepEnvironment(places, env, ['GH_TOKEN'])
    expect((await keepEnvironment(places, { ...env, GH_TOKEN: 'two' }, [])).secrets).to.deep.equal(['DATABASE_URL'])
    expect(readKeptEnvironment(places)).to.deep.equal({ GH_TOKEN: 'two', PATH: '/bin' })
  })

  it('is empty where none is kept, or what is there is no such file', async () => {
    expect(readKeptEnvironment(places)).to.deep.equal({})
    writeFileSync(places.environmentFile, 'PATH=/unquoted\nexport A="b"\n\u0000')
    expect(readKeptEnvironment(places)).to.deep.equal({})
    await forgetEnvironment(places)
    await forgetEnvironment(places)
    expect(readKeptEnvironment(places)).to.deep.equal({})
  })
})

describe('A person’s variables', () => {
  const of = (env: Record<string, string>, wanted: string[] = []) => personVariables(env, new Set(wanted))

  for (const name of [
    'PATH',
    'SSH_AUTH_SOCK',
    'VIRTUAL_ENV',
    'AWS_PROFILE',
    'LANG',
    'HOME',
    'NODE_OPTIONS',
    'JAVA_HOME',
  ])
    it(`include ${name}`, () => expect(of({ [name]: 'x' }).variables).to.have.property(name, 'x'))

  for (const name of [
    'TERM',
    'TMUX',
    'PWD',
    'SHLVL',
    '_',
    'XDG_RUNTIME_DIR',
    'NOTIFY_SOCKET',
    'LISTEN_FDS',
    'CODEX_HOME',
  ])
    it(`leave ${name} where it belongs`, () =>
      expect(of({ [name]: 'x' })).to.deep.equal({ variables: {}, secrets: [] }))

  for (const name of ['OPENAI_API_KEY', 'GITHUB_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'PGPASSWORD', 'MYSQL_PWD', 'GH_PAT'])
    it(`take ${name} for a secret`, () => expect(of({ [name]: 'x' }).secrets).to.deep.equal([name]))

  it('have no line breaks', () => {
    expect(of({ A: 'one\ntwo', B: 'b' })).to.deep.equal({ variables: { B: 'b' }, secrets: [] })
  })

  it('differ where the other has another value, or none', () => {
    expect(differing({ A: '1', B: '2', C: '3' }, { A: '1', B: 'x' })).to.deep.equal({ B: '2', C: '3' })
  })
})
