/** What each check makes of what it sees. */
import { expect } from 'chai'
import { oldestCodex } from '../../../src/codex/binary/codex-version.ts'
import type { DaemonSight } from '../../../src/doctor/check.ts'
import { judgeAppServer } from '../../../src/doctor/checks/app-server.ts'
import { judgeClock } from '../../../src/doctor/checks/clock.ts'
import { judgeCodex } from '../../../src/doctor/checks/codex.ts'
import { judgeConnections, judgeDaemon, judgeHome } from '../../../src/doctor/checks/daemon.ts'
import { judgeSpace } from '../../../src/doctor/checks/disk.ts'
import { judgeLedger } from '../../../src/doctor/checks/ledger.ts'
import { judgeCodexFolder, judgeFiles } from '../../../src/doctor/checks/leftovers.ts'
import { judgeLogin } from '../../../src/doctor/checks/login.ts'
import { judgeNode } from '../../../src/doctor/checks/node.ts'
import { judgeOtherServer } from '../../../src/doctor/checks/other-servers.ts'
import { type InspectedService, judgeService } from '../../../src/doctor/checks/service.ts'
import { judgeFolder, judgeSocket } from '../../../src/doctor/checks/sockets.ts'
import { judgeTerminal } from '../../../src/doctor/checks/terminal.ts'
import { judgeTurns } from '../../../src/doctor/checks/turns.ts'
import { judgeWorkspaces } from '../../../src/doctor/checks/workspaces.ts'
import { type Finding, worstLevel } from '../../../src/doctor/finding.ts'
import type { UnitStatus } from '../../../src/supervision/service-manager.ts'

const levels = (findings: Finding | readonly Finding[]) => [findings].flat().map(({ level }) => level)

describe('The doctor', () => {
  it('goes by the worst that it found', () => {
    const finding = (level: Finding['level']): Finding => ({ level, what: '' })
    expect(worstLevel([])).to.equal('ok')
    expect(worstLevel([finding('note'), finding('problem'), finding('warning')])).to.equal('problem')
  })

  it('wants Node 22.14, and prefers even lines', () => {
    const seen = ['v20.19.0', 'v22.13.1', 'v22.14.0', 'v23.1.0', 'v24.21.0'].map(
      (version) => judgeNode(version, '/n').level,
    )
    expect(seen).to.deep.equal(['problem', 'problem', 'ok', 'note', 'ok'])
  })

  it('notices a Codex that was updated under a running app-server', () => {
    const [oldest, newer] = [oldestCodex, oldestCodex.replace(/\d+$/, '99')]
    const codex = { path: '/c', version: newer }
    expect(levels(judgeCodex({ ...codex, running: null }))).to.deep.equal(['ok'])
    expect(levels(judgeCodex({ ...codex, running: newer }))).to.deep.equal(['ok'])
    expect(levels(judgeCodex({ ...codex, running: oldest }))).to.deep.equal(['ok', 'warning'])
    expect(levels(judgeCodex({ ...codex, version: oldestCodex.replace(/\d+/, '9'), running: null }))).to.deep.equal([
      'ok',
      'note',
    ])
  })

  it('believes the app-server about the login, and the file only when that cannot be asked', () => {
    const nothing = { asked: false, account: null, problem: null, stored: false, codexHome: '/h' }
    expect(judgeLogin(nothing).level).to.equal('note')
    expect(judgeLogin({ ...nothing, stored: true }).level).to.equal('ok')
    expect(judgeLogin({ ...nothing, asked: true }).level).to.equal('ok')
    expect(judgeLogin({ ...nothing, asked: true, account: 'a@b.c' }).what).to.equal('logged in as a@b.c')
    expect(judgeLogin({ ...nothing, asked: true, problem: 'Nobody is logged in.' }).level).to.equal('problem')
  })

  it('warns of connections that were refused', () => {
    expect(judgeConnections({ connectionProblem: null })).to.deep.equal([])
    expect(levels(judgeConnections({ connectionProblem: 'process 7 has too many' }))).to.deep.equal(['warning'])
  })

  it('names a thread that is busy here and idle in Codex', () => {
    expect(judgeTurns(2, []).map(({ what }) => what)).to.deep.equal(['2 running'])
    const [finding] = judgeTurns(1, [
      { threadId: 'a', name: 'work', turnId: 't1', startedAt: '2026-01-01T00:00:00.000Z' },
    ])
    expect(finding?.level).to.equal('warning')
    expect(finding?.what).to.equal(
      'thread a (work) is busy here and idle in Codex, with turn t1 since 2026-01-01T00:00:00.000Z',
    )
  })

  it('warns of a runtime folder that gets swept', () => {
    const folders = ['/run/user/1/codex-share', '/tmp/x', '/var/tmp/x', '/private/tmp/x', '/home/tmp/x']
    expect(folders.map((folder) => judgeFolder(folder).level)).to.deep.equal([
      'ok',
      'warning',
      'warning',
      'warning',
      'ok',
    ])
  })

  it('looks at whose the socket is, and who stands behind it', () => {
    const socket = { path: '/s', mode: 0o140600, daemon: 'running', service: false } as const
    expect(judgeSocket(socket).level).to.equal('ok')
    expect(judgeSocket({ ...socket, mode: 0o140666 }).level).to.equal('problem')
    expect(judgeSocket({ ...socket, daemon: 'dead' }).level).to.equal('note')
    expect(judgeSocket({ ...socket, mode: null, daemon: 'absent' }).level).to.equal('ok')
    expect(judgeSocket({ ...socket, mode: null, daemon: 'absent', service: true }).level).to.equal('warning')
  })

  it('wants the daemon to be the program that is installed', () => {
    const running = (version: string, programChanged: boolean): DaemonSight => {
      const daemon = { version, pid: 7, startedAt: '', node: '', endpoint: '', runtimeDir: '', programChanged }
      const appServer = {
        state: 'ready',
        version: null,
        pid: null,
        binary: null,
        codexHome: null,
        account: null,
        problem: null,
      } as const
      const ledger = { file: '', bytes: 0, events: 0, threads: 0, problem: null }
      return {
        state: 'running',
        status: { daemon, appServer, ledger, peers: 0, activeTurns: 0, logFile: null },
        held: [],
      }
    }
    expect(judgeDaemon(running('1.0.0', false), '1.0.0').level).to.equal('ok')
    expect(judgeDaemon(running('1.0.0', true), '1.0.0').fix).to.equal('codex-share daemon restart')
    expect(judgeDaemon(running('0.9.0', false), '1.0.0').what).to.include('version 0.9.0, and this program is 1.0.0')
    expect(judgeDaemon({ state: 'absent' }, '1.0.0').level).to.equal('ok')
    const unwell = judgeDaemon({ state: 'unwell', message: 'silent', hint: 'kick it' }, '1.0.0')
    expect(unwell).to.deep.include({ level: 'problem', what: 'silent', fix: 'kick it' })
  })

  it('warns where the app-server has another CODEX_HOME, however it is spelled', () => {
    expect(judgeHome(null, '/home/a/.codex')).to.deep.equal([])
    expect(judgeHome('/proc/self/cwd', process.cwd())).to.deep.equal([])
    expect(levels(judgeHome('/home/b/.codex', '/home/a/.codex'))).to.deep.equal(['warning'])
  })

  it('calls a degraded app-server a problem, and one on its way a warning', () => {
    const base = { version: oldestCodex, pid: 1, binary: null, codexHome: null, account: null, problem: 'crashed' }
    const seen = (['ready', 'restarting', 'degraded'] as const).map((state) => judgeAppServer({ ...base, state }).level)
    expect(seen).to.deep.equal(['ok', 'warning', 'problem'])
  })

  it('looks whether the ledger is one, works, and fits', () => {
    const sound = { isDatabase: true, pages: { state: 'whole' } } as const
    const whole = {
      ...sound,
      file: '/l',
      bytes: 1024,
      setAside: [],
      former: [],
      problem: null,
      damage: null,
      limitBytes: 2048,
      keptFreeBytes: 0,
    }
    expect(levels(judgeLedger(whole))).to.deep.equal(['ok'])
    expect(levels(judgeLedger({ ...whole, isDatabase: false }))).to.deep.equal(['problem'])
    expect(levels(judgeLedger({ ...whole, problem: 'disk full' }))).to.deep.equal(['problem'])
    expect(levels(judgeLedger({ ...whole, setAside: ['/l.corrupt-1'] }))).to.deep.equal(['ok', 'note'])
    expect(levels(judgeLedger({ ...whole, former: ['/l.format-2'] }))).to.deep.equal(['ok', 'note'])
    expect(levels(judgeLedger({ ...whole, bytes: 4096 }))).to.deep.equal(['warning'])
    expect(levels(judgeLedger({ ...whole, bytes: 4096, limitBytes: 0 }))).to.deep.equal(['ok'])
    expect(levels(judgeLedger({ ...whole, keptFreeBytes: 100 * 1024 * 1024 }))).to.deep.equal(['ok', 'note'])
  })

  it('says what is wrong with a page of the ledger, or why it has not looked at the pages', () => {
    const ledger = {
      file: '/l',
      bytes: 1024,
      isDatabase: true,
      setAside: [],
      former: [],
      problem: null,
      damage: null,
      limitBytes: 0,
      keptFreeBytes: 0,
    }
    const [damaged] = judgeLedger({ ...ledger, pages: { state: 'damaged', found: 'Tree 5 page 7: no' } })
    expect(damaged).to.deep.equal({
      level: 'problem',
      what: 'the ledger /l is damaged: Tree 5 page 7: no',
      why: 'Events in it cannot be read back, and new ones may not be recorded.',
      fix: 'codex-share daemon restart --check-ledger',
    })
    const problem = 'it is damaged (page 7)'
    const large = judgeLedger({ ...ledger, pages: { state: 'large' } })
    const [foundByDaemon, ...more] = judgeLedger({ ...ledger, pages: { state: 'large' }, problem, damage: 'page 7' })
    expect([foundByDaemon?.what, foundByDaemon?.fix, more]).to.deep.equal([
      'the ledger /l is damaged: page 7',
      'codex-share daemon restart --check-ledger',
      [],
    ])
    expect(large.map(({ level, fix }) => [level, fix])).to.deep.equal([
      ['ok', undefined],
      ['note', 'codex-share doctor --deep'],
    ])
    const [unknown] = judgeLedger({ ...ledger, pages: { state: 'unknown', why: 'no room', fix: 'make some' } })
    expect(unknown).to.deep.include({ level: 'warning', fix: 'make some' })
    expect(unknown?.what).to.match(/could not be looked at: no room$/)
  })

  it('tells low space from none', () => {
    expect([3000, 300, 30].map((free) => judgeSpace('/d', free, 1000, 100).level)).to.deep.equal([
      'ok',
      'warning',
      'problem',
    ])
  })

  describe('of the service', () => {
    const unit: UnitStatus = {
      name: 'u',
      installed: true,
      enabled: true,
      state: 'active',
      problem: null,
      pid: 1,
      restarts: 0,
    }
    const well: InspectedService = {
      units: [unit, unit],
      ours: true,
      usable: null,
      missing: [],
      current: true,
      oldNode: null,
      lingers: true,
    }

    it('finds nothing to say when it is well, or not there', () => {
      expect(levels(judgeService(well))).to.deep.equal(['ok'])
      expect(levels(judgeService({ ...well, units: [{ ...unit, installed: false }] }))).to.deep.equal(['ok'])
    })

    it('notices what is broken, and names the command that mends it', () => {
      const broken: Partial<InspectedService>[] = [
        { units: [unit, { ...unit, installed: false }] },
        { missing: ['/old/node'] },
        { units: [unit, { ...unit, state: 'failed', problem: 'exit-code' }] },
        { units: [unit, { ...unit, state: 'inactive' }] },
        { units: [unit, { ...unit, enabled: false }] },
        { ours: false },
        { current: false },
        { current: false, oldNode: 'v22.13.1' },
        { lingers: false },
      ]
      const fixes = broken.map((facts) =>
        judgeService({ ...well, ...facts })
          .map(({ level, fix }) => [level, fix])
          .at(-1),
      )
      expect(fixes.slice(0, -1)).to.deep.equal([
        ['problem', 'codex-share service install'],
        ['problem', 'codex-share service install'],
        ['problem', 'codex-share daemon restart'],
        ['warning', 'codex-share daemon start'],
        ['warning', 'codex-share service install'],
        ['warning', 'codex-share service install'],
        ['note', 'codex-share service install'],
        ['problem', 'codex-share service install'],
      ])
      expect(fixes.at(-1)?.[1]).to.match(/^loginctl enable-linger /)
    })
  })

  it('tells of other servers of Codex, live or dead', () => {
    const running = judgeOtherServer('/s', true, true)
    expect([running.level, running.fix]).to.deep.equal(['note', undefined])
    expect(running.why).to.include('can be shared as it is')
    expect(judgeOtherServer('/s', true, false).what).to.include('has left its socket')
    expect(judgeOtherServer('/s', false, false).level).to.equal('ok')
  })

  it('takes only what has lain for a minute for left over', () => {
    const files = [
      { path: '/r/daemon.sock.12.tmp', age: 90_000 },
      { path: '/r/start.lock', age: 1000 },
      { path: '/r/daemon.sock', age: 90_000 },
    ]
    expect(judgeFiles(files).map(({ what }) => what)).to.deep.equal([
      '/r/daemon.sock.12.tmp was left by a run that was killed',
    ])
  })

  it('wants Codex’s own folder of sockets to be ours alone', () => {
    expect(judgeCodexFolder('/tmp/c', undefined, 1)).to.deep.equal([])
    expect(judgeCodexFolder('/tmp/c', { uid: 1, mode: 0o40700 }, 1)).to.deep.equal([])
    expect(levels(judgeCodexFolder('/tmp/c', { uid: 1, mode: 0o40755 }, 1))).to.deep.equal(['problem'])
    expect(levels(judgeCodexFolder('/tmp/c', { uid: 2, mode: 0o40700 }, 1))).to.deep.equal(['problem'])
  })

  it('notices a clock that is wrong, or went back', () => {
    const now = Date.UTC(2026, 10, 23)
    expect(judgeClock(now, now - 1000).level).to.equal('ok')
    expect(judgeClock(now, now + 3_600_000).level).to.equal('warning')
    expect(judgeClock(0, null).level).to.equal('problem')
  })

  it('asks of a terminal that it can move its cursor and speaks UTF-8', () => {
    const good = { TERM: 'xterm', LANG: 'C.UTF-8' }
    expect(levels(judgeTerminal({ env: good, isTerminal: true }))).to.deep.equal(['ok'])
    expect(levels(judgeTerminal({ env: { TERM: 'dumb', LANG: 'C' }, isTerminal: true }))).to.deep.equal([
      'warning',
      'warning',
    ])
    expect(levels(judgeTerminal({ env: {}, isTerminal: false }))).to.deep.equal(['ok'])
  })

  it('warns once for each folder of a thread in which something of ours lies, and says what mends it', () => {
    const exposed = (what: string, folder: string) => ({ what, path: `${folder}/${what}`, threadId: 't1', folder })
    const things = [exposed('settings', '/home/me'), exposed('ledger', '/home/me'), exposed('codex', '/work')]
    expect(judgeWorkspaces({ exposed: things }, { hasXdgFolders: true })).to.deep.equal([
      {
        level: 'warning',
        what: 'the shared thread t1 works in /home/me, and its agent may replace what lies there: the settings and the ledger',
        why: 'Deleting is enough to do harm; settings that act are not used from there.',
        fix: 'Let the thread work in a folder below, or move them with XDG_CONFIG_HOME and XDG_DATA_HOME, then `codex-share daemon restart`.',
      },
      {
        level: 'warning',
        what: 'the shared thread t1 works in /work, and its agent may replace what lies there: the Codex that runs',
        why: 'Deleting is enough to do harm; it is run outside the sandbox at the next start.',
        fix: 'Let the thread work in a folder below, then `codex-share daemon restart`.',
      },
    ])
    expect(judgeWorkspaces({ exposed: things.slice(0, 2) }, { hasXdgFolders: false })[0]?.fix).to.equal(
      'Let the thread work in a folder below, then `codex-share daemon restart`.',
    )
  })

  it('says which settings are not used, and nothing of an older daemon that does not know', () => {
    const settings = { file: '/c.json', refused: ['codexBin'], problem: 'codexBin is not used: …' }
    expect(
      judgeWorkspaces({ settings, exposed: [] }, { hasXdgFolders: true }).map(({ level, what }) => [level, what]),
    ).to.deep.equal([['warning', 'codexBin is not used: …']])
    expect(levels(judgeWorkspaces({}, { hasXdgFolders: true }))).to.deep.equal(['ok'])
  })
})
