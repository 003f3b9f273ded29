/** The launchd agents: rendered, and read by a parser of property lists. */
import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { launchdFiles } from '../../../../src/supervision/launchd/launchd-files.ts'
import { pathsInUnits } from '../../../../src/supervision/unit-paths.ts'
import { nastyFacts, nastyHome } from '../../../support/samples/service-facts.ts'

const dtd = join(import.meta.dirname, '../../../fixtures/plist.dtd')

describe('The launchd agents', () => {
  const files = launchdFiles('/agents', nastyFacts)

  it('are valid property lists', function () {
    const validate = (input: string) =>
      spawnSync('xmllint', ['--noout', '--nonet', '--dtdvalid', dtd, '-'], { input, encoding: 'utf8' })
    if (validate('').error) this.skip() // xmllint is not installed (Debian: libxml2-utils).
    for (const { text } of files) {
      expect(validate(text).status).to.equal(0)
      expect(validate(text.replace('<dict>', '<maybe>')).status).to.not.equal(0)
    }
  })

  it('say what they should, to a parser of property lists', function () {
    const python = 'import json,plistlib,sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))'
    const [daemon, appServer] = files.map(({ text }) => {
      const { error, stdout } = spawnSync('python3', ['-c', python], { input: text, encoding: 'utf8' })
      if (error) this.skip() // There is no python3.
      return JSON.parse(stdout)
    })
    const shared = {
      ThrottleInterval: 1,
      ProcessType: 'Interactive',
      LimitLoadToSessionType: ['Aqua', 'Background'],
    }
    for (const agent of [daemon, appServer]) {
      expect(agent.ProgramArguments.splice(0, 3)).to.include('/bin/sh')
      expect(agent.EnvironmentVariables.CODEX_SHARE_AGENT).to.match(/^[0-9a-f]{16}$/)
      delete agent.EnvironmentVariables.CODEX_SHARE_AGENT
    }
    expect(daemon).to.deep.equal({
      ...shared,
      Label: 'codex-share.daemon',
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      WorkingDirectory: homedir(),
      ProgramArguments: [`${nastyHome}/node`, `${nastyHome}/run.js`, 'daemon', 'run'],
      EnvironmentVariables: {
        CODEX_SHARE_SERVICE: 'launchd',
        CODEX_SHARE_CODEX_BIN: `${nastyHome}/codex`,
        PATH: `${nastyHome}/bin:/usr/bin`,
        LANG: 'de_DE.UTF-8',
        CODEX_HOME: `${nastyHome}/.codex`,
        CODEX_SHARE_RUNTIME_DIR: `${nastyHome}/run`,
      },
      ExitTimeOut: 20,
      Umask: 0o077,
      StandardErrorPath: `${nastyHome}/log/daemon.stderr.log`,
    })
    expect(appServer).to.deep.equal({
      ...shared,
      Label: 'codex-share.app-server',
      ProgramArguments: [`${nastyHome}/codex`, 'app-server', '--listen', `unix://${nastyHome}/run/app-server.sock`],
      EnvironmentVariables: {
        PATH: `${nastyHome}/bin:/usr/bin`,
        LANG: 'de_DE.UTF-8',
        CODEX_HOME: `${nastyHome}/.codex`,
        KEEP: 'a b',
      },
      WorkingDirectory: homedir(),
      ExitTimeOut: 10,
      StandardOutPath: `${nastyHome}/log/app-server.log`,
      StandardErrorPath: `${nastyHome}/log/app-server.log`,
    })
  })

  it('start a daemon whose program is gone, or whose Node does not run, only once, and say what to do', function () {
    const python =
      'import json,plistlib,sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())["ProgramArguments"]))'
    const { error, stdout } = spawnSync('python3', ['-c', python], { input: files[0]?.text ?? '', encoding: 'utf8' })
    if (error) this.skip() // There is no python3.
    const [shell, ...args] = JSON.parse(stdout) as string[]
    const { status, stderr } = spawnSync(shell ?? '', args, { encoding: 'utf8' })
    expect([status, stderr.split(' is gone: ')[0]]).to.deep.equal([0, `Error: ${nastyHome}/node`])
    const [flag = '', script = '', , , ...rest] = args
    const run = (node: string) => spawnSync(shell ?? '', [flag, script, node, dtd, ...rest], { encoding: 'utf8' })
    expect(run('/bin/echo').stdout.split('\n').at(-2)).to.equal(`${dtd} daemon run`)
    const broken = run('/bin/false')
    expect([broken.status, broken.stderr.split(':')[1]]).to.deep.equal([0, ' /bin/false does not run'])
  })

  it('name programs that the doctor finds again', () => {
    expect(pathsInUnits(files.map(({ text }) => text))).to.deep.equal(
      ['node', 'run.js', 'codex'].map((name) => `${nastyHome}/${name}`),
    )
  })
})
