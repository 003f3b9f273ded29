/** What macOS's own tools say; elsewhere scripted ones, which ask this machine's kernel. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { type OpenedFile, openLedgerFile } from '../../../../src/ledger/open-ledger.ts'
import { refuseLongPath } from '../../../../src/platform/places/socket-path.ts'
import { isStillRunning, writeProcessRecord } from '../../../../src/platform/processes/process-record.ts'
import { darwinSystem } from '../../../../src/platform/system/darwin.ts'
import { linux } from '../../../../src/platform/system/linux.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { openTerminal, type TestTerminal } from '../../../support/peers/terminal.ts'
import { makeScratch, type Scratch } from '../../../support/scratch.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

const isMac = process.platform === 'darwin'
const scripted = join(import.meta.dirname, '../../../support/mac/tools')
const ps = isMac ? '/bin/ps' : join(scripted, 'ps')
const darwin = darwinSystem(isMac ? undefined : `${scripted}:/usr/bin:/bin`)

describe('On a Mac', () => {
  let scratch: Scratch
  let child: ChildProcess
  let terminal: TestTerminal | undefined
  let pid: number

  beforeEach(async () => {
    scratch = makeScratch()
    child = spawn('sleep', ['60'], { cwd: scratch.dir, detached: true })
    await once(child, 'spawn')
    pid = child.pid ?? 0
  })

  afterEach(() => {
    child.kill('SIGKILL')
    terminal?.close()
    terminal = undefined
    scratch.remove()
  })

  it('a process is the same one after the time zone has changed', async () => {
    /** As the system's own zone is for a program that is given none. */
    const zoneIs = (zone: string) =>
      writeFileSync(join(scratch.dir, 'ps'), `#!/bin/sh\nTZ="\${TZ:-${zone}}" exec ${ps} "$@"\n`, { mode: 0o755 })
    const travelling = darwinSystem(`${scratch.dir}:/bin`)
    zoneIs('Europe/Berlin')
    const record = await writeProcessRecord(join(scratch.dir, 'record'), { pid, version: '1' }, travelling)
    zoneIs('America/New_York')
    expect(await isStillRunning(record, travelling)).to.equal(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await isStillRunning(record, travelling)).to.equal(false)
  })

  it('a process runs in a folder, has files open, and tells neither of one that is gone', async () => {
    expect(await darwin.folderOf(pid)).to.equal(realpathSync(scratch.dir))
    const file = join(scratch.dir, 'rollout-019a-e\u0301.jsonl')
    writeFileSync(file, '')
    const fd = openSync(file, 'r')
    try {
      const holder = await darwin.processWithFile('019a-e\u0301')
      expect(holder?.pid).to.equal(process.pid)
      expect(holder?.command).to.include('mocha')
    } finally {
      closeSync(fd)
    }
    expect(await darwin.processWithFile('019a-e\u0301')).to.equal(undefined)
    expect(await darwin.folderOf(2 ** 22 + 1)).to.equal(undefined)
    expect(await darwin.startTokenOf(2 ** 22 + 1)).to.equal(undefined)
  })

  it('a person is one whose program reads a terminal key by key', async () => {
    expect(await darwin.isPersonAtTerminal(pid)).to.equal(false)
    const shell = openTerminal({ home: scratch, command: ['bash', '--norc', '-i'] })
    terminal = shell
    await shell.shows(/[$#] *$/m)
    await eventually('the shell reads keys', () => darwin.isPersonAtTerminal(shell.pid()))
    shell.type('exec cat')
    shell.press('Enter')
    await eventually('cat reads lines', async () => !(await darwin.isPersonAtTerminal(shell.pid())))
  })

  it('ids jump after the machine went down, and not after the daemon did', () => {
    const file = join(scratch.dir, 'ledger.db')
    const bootIs = (boot: string) => {
      const sysctl = join(scratch.dir, 'sysctl')
      writeFileSync(sysctl, `#!/bin/sh\n[ "$*" = '-n kern.bootsessionuuid' ] && echo ${boot}\n`, { mode: 0o755 })
    }
    const close = ({ db, crashed }: OpenedFile) => {
      db.close()
      return crashed
    }
    const crashed = () => openLedgerFile(file, close, darwinSystem(`${scratch.dir}:/bin`))
    bootIs('C0FFEE-1')
    expect(crashed(), 'the very first').to.equal(false)
    expect(crashed(), 'the daemon was killed').to.equal(false)
    bootIs('C0FFEE-2')
    expect(crashed(), 'the power failed').to.equal(true)
    expect(crashed()).to.equal(false)
    bootIs('')
    expect(crashed(), 'nobody tells').to.equal(true)
  })

  it('what is written to the ledger is flushed through the disk’s own cache', () => {
    const file = join(scratch.dir, 'ledger.db')
    const flush = openLedgerFile(file, ({ db }) => {
      const flush = db.pragma('checkpoint_fullfsync', { simple: true })
      db.close()
      return flush
    })
    expect(flush).to.equal(1)
  })

  it('the path of a socket is shorter, in bytes of the decomposed form that the disk has', () => {
    const room = 103 - '/daemon.sock.4194304.tmp'.length
    const fits = `/${'e\u0301'.repeat(Math.floor((room - 1) / 3))}`
    refuseLongPath(fits, darwin)
    expect(() => refuseLongPath(`${fits}e\u0301`, darwin)).to.throw(ShareError, 'the system allows a socket 103')
    refuseLongPath(`${fits}e\u0301`, linux)
  })
})
