/** The launchd agents: rendered, read by a plist parser, and driven through a scripted `launchctl`. Nothing here ran on a Mac. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { launchdFiles } from '../../src/supervision/launchd/launchd-files.ts'
import { launchdManager } from '../../src/supervision/launchd/launchd-manager.ts'
import { launchdStatus } from '../../src/supervision/launchd/launchd-status.ts'
import { pathsInUnits } from '../../src/supervision/unit-paths.ts'
import { makeScratch, type Scratch } from '../support/scratch.ts'
import { nastyFacts, nastyHome } from './service-facts.ts'

const dtd = join(import.meta.dirname, 'plist.dtd')

describe('The launchd agents', () => {
  const files = launchdFiles('/agents', nastyFacts)

  it('are valid property lists', function () {
    const validate = (input: string) =>
      spawnSync('xmllint', ['--noout', '--nonet', '--dtdvalid', dtd, '-'], { input, encoding: 'utf8' })
    if (validate('').error) this.skip() // xmllint is not installed (Debian: libxml2-utils).
    for (const { text } of files) {
      expect(validate(text).status).to.equal(0)
      expect(validate(text.replace('<true/>', '<maybe/>')).status).to.not.equal(0)
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
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      ThrottleInterval: 1,
      ProcessType: 'Interactive',
      LimitLoadToSessionType: ['Aqua', 'Background'],
    }
    expect(daemon.ProgramArguments.splice(0, 3)).to.include('/bin/sh')
    expect(daemon).to.deep.equal({
      ...shared,
      Label: 'codex-share.daemon',
      ProgramArguments: [`${nastyHome}/node`, `${nastyHome}/run.js`, 'daemon', 'run'],
      EnvironmentVariables: {
        CODEX_SHARE_SERVICE: 'launchd',
        CODEX_SHARE_CODEX_BIN: `${nastyHome}/codex`,
        PATH: `${nastyHome}/bin:/usr/bin`,
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
      EnvironmentVariables: { PATH: `${nastyHome}/bin:/usr/bin`, CODEX_HOME: `${nastyHome}/.codex`, KEEP: 'a b' },
      WorkingDirectory: homedir(),
      ExitTimeOut: 10,
      StandardOutPath: `${nastyHome}/log/app-server.log`,
      StandardErrorPath: `${nastyHome}/log/app-server.log`,
    })
  })

  it('start a daemon whose program is gone only once, and say what to do', function () {
    const python =
      'import json,plistlib,sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())["ProgramArguments"]))'
    const { error, stdout } = spawnSync('python3', ['-c', python], { input: files[0]?.text ?? '', encoding: 'utf8' })
    if (error) this.skip() // There is no python3.
    const [shell, ...args] = JSON.parse(stdout) as string[]
    const { status, stderr } = spawnSync(shell ?? '', args, { encoding: 'utf8' })
    expect([status, stderr.split(' is gone: ')[0]]).to.deep.equal([0, `Error: ${nastyHome}/node`])
    const [flag = '', script = '', , , ...rest] = args
    const ran = spawnSync(shell ?? '', [flag, script, '/bin/echo', dtd, ...rest], { encoding: 'utf8' })
    expect(ran.stdout).to.equal(`${dtd} daemon run\n`)
  })

  it('name programs that the doctor finds again', () => {
    expect(pathsInUnits(files.map(({ text }) => text))).to.deep.equal(
      ['node', 'run.js', 'codex'].map((name) => `${nastyHome}/${name}`),
    )
  })

  it('are read back as launchctl prints them', () => {
    const printed = 'gui/501/codex-share.daemon = {\n\tstate = running\n\truns = 3\n\tpid = 77\n\tlast exit code = 0\n}'
    const common = { name: 'a', installed: true }
    expect(launchdStatus('a', { installed: true, printed })).to.deep.equal({
      ...common,
      ...{ enabled: true, state: 'active', problem: null, pid: 77, restarts: 2 },
    })
    expect(
      launchdStatus('a', { installed: true, printed: 'state = not running\nlast exit code = 70: EX_SOFTWARE' }),
    ).to.deep.equal({
      ...common,
      ...{ enabled: true, state: 'failed', problem: 'exit code 70: EX_SOFTWARE', pid: null, restarts: null },
    })
    expect(launchdStatus('a', { installed: true, printed: null }).state).to.equal(null)
  })
})

describe('Driving launchd', function () {
  this.timeout(20_000)
  let scratch: Scratch
  let realHome: string | undefined

  // The agents' folder is under the home that the process has.
  beforeEach(() => {
    scratch = makeScratch()
    realHome = process.env.HOME
    process.env.HOME = scratch.dir
    mkdirSync(join(scratch.dir, 'bin'))
    mkdirSync(join(scratch.dir, 'loaded'))
    const launchctl = join(scratch.dir, 'bin/launchctl')
    writeFileSync(launchctl, fakeLaunchctl)
    chmodSync(launchctl, 0o755)
  })

  afterEach(() => {
    process.env.HOME = realHome
    scratch.remove()
  })

  const manager = () => {
    const env = { ...scratch.env, PATH: `${scratch.dir}/bin:/usr/bin:/bin`, LAB: scratch.dir }
    const places = { ...nastyFacts.places, appServerLog: join(scratch.dir, 'log/app-server.log') }
    return launchdManager(env, places)
  }
  const calls = () =>
    readFileSync(join(scratch.dir, 'calls'), 'utf8')
      .split('\n')
      .filter((line) => /^boot/.test(line))

  it('loads both agents, once, in the background domain where there is no graphical login', async () => {
    const first = await manager().install(nastyFacts, { hardened: undefined })
    expect(first.written.map((path) => path.replace(scratch.dir, '~'))).to.deep.equal([
      '~/Library/LaunchAgents/codex-share.daemon.plist',
      '~/Library/LaunchAgents/codex-share.app-server.plist',
    ])
    expect(calls()).to.deep.equal([
      `bootstrap user/${process.getuid?.()} ${scratch.dir}/Library/LaunchAgents/codex-share.app-server.plist`,
      `bootstrap user/${process.getuid?.()} ${scratch.dir}/Library/LaunchAgents/codex-share.daemon.plist`,
    ])
    expect((await manager().install(nastyFacts, { hardened: undefined })).written).to.deep.equal([])
    expect(calls()).to.have.lengthOf(2)
    expect((await manager().status()).map(({ state }) => state)).to.deep.equal(['active', 'active'])
  })

  it('loads a changed agent again, although launchd takes its time to let the old one go', async () => {
    await manager().install(nastyFacts, { hardened: undefined })
    writeFileSync(join(scratch.dir, 'slow'), '3')
    const changed = { ...nastyFacts, node: '/new/node' }
    expect((await manager().install(changed, { hardened: undefined })).written).to.have.lengthOf(1)
    expect(calls().at(-1)).to.match(/^bootstrap .*codex-share\.daemon\.plist$/)
    expect((await manager().status()).map(({ state }) => state)).to.deep.equal(['active', 'active'])
  })

  it('unloads and removes everything', async () => {
    await manager().install(nastyFacts, { hardened: undefined })
    const { removed, problem } = await manager().uninstall()
    expect([removed.length, problem]).to.deep.equal([2, null])
    expect(existsSync(join(scratch.dir, 'Library/LaunchAgents'))).to.equal(false)
    expect(execFileSync('ls', [join(scratch.dir, 'loaded')], { encoding: 'utf8' })).to.equal('')
    rmSync(join(scratch.dir, 'calls'))
  })
})

/** Knows what is loaded by a file for each label; `bootout` takes as many looks to be done as the file `slow` says. */
const fakeLaunchctl = `#!/bin/sh
echo "$*" >> "$LAB/calls"
label=\${2##*/}
case $1 in
  print)
    case $2 in gui/*) exit 113 ;; user/*/*) ;; *) exit 0 ;; esac
    if [ -s "$LAB/leaving-$label" ]; then
      left=$(($(cat "$LAB/leaving-$label") - 1))
      if [ $left -le 0 ]; then rm "$LAB/leaving-$label" "$LAB/loaded/$label"; else echo $left > "$LAB/leaving-$label"; fi
    fi
    [ -e "$LAB/loaded/$label" ] || exit 113
    printf '\\tstate = running\\n\\tpid = 5\\n' ;;
  bootstrap)
    name=$(basename "$3" .plist)
    [ ! -e "$LAB/loaded/$name" ] || { echo 'Bootstrap failed: 5: Input/output error' >&2; exit 5; }
    touch "$LAB/loaded/$name" ;;
  bootout)
    [ ! -e "$LAB/leaving-$label" ] || { echo 'Boot-out failed: 36: Operation now in progress' >&2; exit 36; }
    if [ -e "$LAB/slow" ]; then cp "$LAB/slow" "$LAB/leaving-$label"; else rm -f "$LAB/loaded/$label"; fi ;;
esac
`
