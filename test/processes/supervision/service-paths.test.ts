/** What `service install` writes names nothing that the next upgrade removes, and the doctor finds nothing wrong with that. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { oldestCodex } from '../../../src/codex/binary/codex-version.ts'
import type { DoctorContext } from '../../../src/doctor/check.ts'
import { service } from '../../../src/doctor/checks/service.ts'
import { type Places, placesInRuntimeDir } from '../../../src/platform/places/resolve-places.ts'
import { defaultSettings } from '../../../src/platform/settings/settings.ts'
import { linux } from '../../../src/platform/system/linux.ts'
import { fileOf, gatherServiceFacts } from '../../../src/supervision/service-facts.ts'
import { writeServiceFiles } from '../../../src/supervision/service-file.ts'
import { systemdFiles } from '../../../src/supervision/systemd/systemd-files.ts'

describe('a service on a Node of Homebrew’s', () => {
  let root: string
  let places: Places
  const at = (path: string) => join(root, path)
  const file = (path: string, text = '') => {
    mkdirSync(dirname(at(path)), { recursive: true })
    writeFileSync(at(path), text, { mode: 0o755 })
  }
  const link = (path: string, to: string) => {
    mkdirSync(dirname(at(path)), { recursive: true })
    symlinkSync(to, at(path))
  }
  const node = () => at('brew/Cellar/node/24.1.0/bin/node')
  const program = () => at('brew/lib/node_modules/codex-share/bin/run.js')
  const gather = (env: NodeJS.ProcessEnv, codexBin?: string) =>
    gatherServiceFacts({ env, places, node: node(), program: program(), codexBin, codexSetting: undefined })

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'cs-')))
    places = { ...placesInRuntimeDir(at('run')), environmentFile: at('data/environment') } as Places
    file('brew/Cellar/node/24.1.0/bin/node', '#!/bin/sh\necho v24.1.0\n')
    link('brew/opt/node', '../Cellar/node/24.1.0')
    link('brew/bin/node', '../Cellar/node/24.1.0/bin/node')
    file('brew/lib/node_modules/codex-share/bin/run.js')
    file('brew/Caskroom/codex/1/codex-aarch64', `#!/bin/sh\necho codex-cli ${oldestCodex}\n`)
    link('brew/bin/codex', '../Caskroom/codex/1/codex-aarch64')
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('names the links that stay', async () => {
    link('state/fnm_multishells/1_2', at('brew/Cellar/node/24.1.0'))
    const PATH = [at('state/fnm_multishells/1_2/bin'), at('brew/bin'), at('brew/Cellar/node/24.1.0/bin'), '/bin'].join(
      ':',
    )
    const found = await gather({ PATH })
    expect([found.node, found.program, found.codex.path, fileOf(found.codex)]).to.deep.equal([
      at('brew/opt/node/bin/node'),
      program(),
      at('brew/bin/codex'),
      at('brew/bin/codex'),
    ])
    expect((await gather({ PATH }, at('brew/Caskroom/codex/1/codex-aarch64'))).codex.path).to.equal(
      at('brew/bin/codex'),
    )
  })

  it('has on its PATH no folder that goes with a shell or a version', async () => {
    link('state/fnm_multishells/1_2', at('brew/Cellar/node/24.1.0'))
    const PATH = [at('state/fnm_multishells/1_2/bin'), at('brew/bin'), at('brew/Cellar/node/24.1.0/bin'), '/bin']
    expect((await gather({ PATH: PATH.join(':') })).path.split(':')).to.deep.equal([
      at('brew/opt/node/bin'),
      at('brew/bin'),
      '/bin',
    ])
  })

  it('names a script of Codex to the daemon, and not the Node that runs it', async () => {
    const codex = 'pnpm/5/.pnpm/@openai+codex@1/node_modules/@openai/codex'
    file(`${codex}/bin/codex.js`, `console.log('codex-cli ${oldestCodex}')`)
    file(`${codex}/package.json`, '{"name":"@openai/codex"}')
    link('pnpm/5/node_modules/@openai/codex', at(codex))
    const found = await gather({ PATH: '/bin' }, at('pnpm/5/node_modules/@openai/codex/bin/codex.js'))
    expect([found.codex.args, fileOf(found.codex)]).to.deep.equal([
      [at('pnpm/5/node_modules/@openai/codex/bin/codex.js')],
      at('pnpm/5/node_modules/@openai/codex/bin/codex.js'),
    ])
    const daemonUnit = systemdFiles(at('units'), found).find(({ path }) => path.endsWith('codex-share.service'))
    expect(daemonUnit?.text).to.include(`"CODEX_SHARE_CODEX_BIN=${fileOf(found.codex)}"`)
  })

  it('is no other Node to the doctor, before and after an upgrade', async () => {
    const env = { PATH: at('brew/bin'), XDG_CONFIG_HOME: at('config') }
    await writeServiceFiles(systemdFiles(at('config/systemd/user'), await gather(env)))
    const whatOf = async (path: string) => {
      const context: DoctorContext = {
        ...{ env, places, system: linux, node: { version: 'v24.1.0', path }, program: program(), programVersion: '1' },
        ...{ settings: defaultSettings, daemon: { state: 'absent' }, codexHome: root, now: 0, deep: false },
        ...{ notice: () => {}, signal: AbortSignal.abort() },
      }
      return (await service.run(context)).map(({ what }) => what)
    }
    const other = 'it runs another Node or another copy of codex-share than this one'
    expect(await whatOf(node())).not.to.include(other)
    file('brew/Cellar/node/24.2.0/bin/node', '#!/bin/sh\necho v24.2.0\n')
    rmSync(at('brew/opt/node'))
    rmSync(at('brew/Cellar/node/24.1.0'), { recursive: true })
    link('brew/opt/node', '../Cellar/node/24.2.0')
    expect(await whatOf(at('brew/Cellar/node/24.2.0/bin/node'))).not.to.include(other)
    file('elsewhere/node')
    expect(await whatOf(at('elsewhere/node'))).to.include(other)
  })
})
