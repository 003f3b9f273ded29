/** Commands in errors, hints and verdicts are there to be copied: a shell must read each path in them as one word, whatever is in it. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { sshArguments } from '../../src/client/connection/connect-ssh.ts'
import { serverFlag } from '../../src/client/connection/endpoint.ts'
import { parseSshEndpoint } from '../../src/client/connection/ssh-endpoint.ts'
import { codexVersion } from '../../src/codex/binary/codex-version.ts'
import { findCodex } from '../../src/codex/binary/find-codex.ts'
import { withRequestId } from '../../src/commands/input/request-id.ts'
import { refuseTakenName } from '../../src/daemon/threads/new-thread.ts'
import { judgeSpace } from '../../src/doctor/checks/disk.ts'
import { judgeLedger } from '../../src/doctor/checks/ledger.ts'
import { judgeCodexFolder, judgeFiles } from '../../src/doctor/checks/leftovers.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { schemaVersion } from '../../src/ledger/schema.ts'
import { formerLedger } from '../../src/platform/places/ledger-files.ts'
import { notWritableError } from '../../src/platform/places/own-folders.ts'
import type { Approval } from '../../src/protocol/approvals.ts'
import { asShareError, ShareError } from '../../src/protocol/errors.ts'
import { otherHomeError, otherHomeNotice } from '../../src/protocol/other-home.ts'
import { approvalText } from '../../src/render/questions/approval-text.ts'
import { createPaint } from '../../src/render/terminal/theme.ts'
import { enableLingerCommand } from '../../src/supervision/systemd/linger.ts'
import { farewellText } from '../../src/tui/effects/help-pages.ts'

/** As on a Mac, and worse: spaces, a quote, what a shell expands, and an é in two characters. */
const strange = "Application Support/it's $HOME; e\u0301"

describe('a command that is there to be copied', () => {
  let root: string
  let dir: string
  const at = (name: string) => join(dir, name)

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'cs-'))
    dir = join(root, strange)
    mkdirSync(dir, { recursive: true })
  })
  afterEach(() => rmSync(root, { recursive: true }))

  /** What a shell makes of the part of the text that stands between the two. */
  function wordsOf(text: string | undefined, after = '', before = ''): string[] {
    const start =
      text
        ?.split(after)
        .slice(after === '' ? 0 : 1)
        .join(after) ?? ''
    const command = before === '' ? start : start.slice(0, start.indexOf(before))
    return execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' })
      .split('\0')
      .slice(0, -1)
  }
  const failureOf = async (work: () => unknown): Promise<ShareError> => {
    try {
      await work()
    } catch (error) {
      return asShareError(error)
    }
    throw new Error('it did not fail')
  }

  it('has whole paths in what the doctor says', () => {
    const ledger = { file: at('l'), bytes: 1, isDatabase: true, pages: { state: 'whole' }, problem: null } as const
    const kept = {
      setAside: [at('l.corrupt-1')],
      former: [at('l.format-2')],
      damage: null,
      limitBytes: 0,
      keptFreeBytes: 0,
    }
    const [, aside, former] = judgeLedger({ ...ledger, ...kept })
    expect([
      wordsOf(judgeFiles([{ path: at('x.tmp'), age: 1e9 }])[0]?.fix),
      wordsOf(judgeCodexFolder(dir, { uid: 1, mode: 0o755 }, 1)[0]?.fix),
      wordsOf(judgeSpace(dir, 0, 2, 1).fix, 'there: '),
      wordsOf(aside?.fix, 'needs it: '),
      wordsOf(former?.fix, 'needed: '),
    ]).to.deep.equal([
      ['rm', '-rf', at('x.tmp')],
      ['chmod', '700', dir],
      ['df', '-h', dir],
      ['rm', at('l.corrupt-1')],
      ['rm', at('l.format-2')],
    ])
  })

  it('has whole paths in what an error says', async () => {
    const full = Object.assign(new Error(), { code: 'ENOSPC' })
    const folder = { what: 'data folder', path: dir, variable: null }
    writeFileSync(at('codex'), '#!/bin/sh\nexit 1\n', { mode: 0o644 })
    const notRun = await failureOf(() => findCodex({ flag: at('codex'), env: {}, cwd: '/' }))
    const command = { path: at('codex'), args: [at('codex.js')], env: {} }
    const noVersion = await failureOf(() => codexVersion(command, { env: {} }))
    const homes = { caller: '/x', daemon: dir }
    expect([
      wordsOf(notWritableError(folder, full).hint, 'there: '),
      wordsOf(notRun.message, 'executable (', ').'),
      wordsOf(noVersion.message, '`', '` failed'),
      wordsOf(otherHomeError('posting', homes).hint, 'run it with ', '; `codex-share'),
      wordsOf(otherHomeError('posting', homes).message, 'works with ', ', and this'),
      wordsOf(otherHomeNotice(homes), 'works with ', ', and this'),
    ]).to.deep.equal([
      ['df', '-h', dir],
      ['chmod', '+x', at('codex')],
      [at('codex'), at('codex.js'), '--version'],
      [`CODEX_HOME=${dir}`],
      [`CODEX_HOME=${dir}`],
      [`CODEX_HOME=${dir}`],
    ])
  })

  it('leads back to the ledger as it was before an update', async () => {
    const file = at('ledger.db')
    openLedger(file).close()
    const newer = new Database(file)
    newer.pragma('user_version = 99')
    newer.close()
    writeFileSync(formerLedger(file, schemaVersion), 'former')
    const { hint } = await failureOf(() => openLedger(file))
    execFileSync('sh', ['-c', hint.slice(hint.indexOf(': ') + 2)])
    expect(readFileSync(file, 'utf8')).to.equal('former')
  })

  it('has whole names and places of daemons in it', async () => {
    const name = `it's "$HOME"`
    const taken = await failureOf(() =>
      refuseTakenName(name, [{ name, threadId: 'a' } as Parameters<typeof refuseTakenName>[1][number]], 'b'),
    )
    const lost = asShareError(withRequestId(new ShareError('connectionLost', 'lost'), name))
    const unix = { endpoint: { kind: 'given', path: at('daemon.sock') } }
    const ssh = parseSshEndpoint(`ssh://mac${at('daemon.sock')}`)
    const approval: Approval = {
      ...{ approvalId: 'a1', threadId: 't', turnId: null, askedAt: '', item: null, params: {} },
      method: 'item/commandExecution/requestApproval',
    }
    const commandToCopy = (words: string) => `codex-share ${words}${serverFlag(ssh)}`
    expect([
      wordsOf(taken.hint, 'Use it with ', ', or choose'),
      wordsOf(lost.hint, 'Repeat it with ', ': it never'),
      wordsOf(farewellText(unix as Parameters<typeof farewellText>[0]), '`', '` starts'),
      wordsOf(farewellText({ endpoint: ssh } as Parameters<typeof farewellText>[0]), '`', '` starts'),
      wordsOf(
        approvalText(approval, { paint: createPaint(false), now: 0, commandToCopy: commandToCopy }),
        '\n  ',
        '   codex-share deny',
      ),
      wordsOf(sshArguments(ssh, { env: {}, interactive: false }).at(-1)),
      wordsOf(enableLingerCommand('OFFICE\\some one')),
    ]).to.deep.equal([
      ['--thread', name],
      ['--request-id', name],
      ['codex-share', '--server', `unix://${at('daemon.sock')}`],
      ['codex-share', '--server', `ssh://mac${at('daemon.sock')}`],
      ['codex-share', 'approve', '--thread', 't', 'a1', '--server', `ssh://mac${at('daemon.sock')}`],
      ['codex-share', 'proxy', '--socket', at('daemon.sock')],
      ['loginctl', 'enable-linger', 'OFFICE\\some one'],
    ])
  })

  it('is quoted in one place only', async () => {
    // The second goes on with a quote that somebody has opened; the ledger's quotes are SQL's.
    const places = ['protocol/text/shell-word.ts', 'commands/completion/bash-line.ts', 'ledger/**']
    const source = join(import.meta.dirname, '../../src')
    const byHand = /'\$\{|'\\\\''/
    const bare = /\b(?:cd|chmod \S+|df -h|mkdir -p|rm(?: -rf)?|bootstrap \S+|bootout \S+) \$\{(?!shellWord\()/
    const found: string[] = []
    for await (const file of glob('**/*.{ts,tsx}', { cwd: source, exclude: places }))
      readFileSync(join(source, file), 'utf8')
        .split('\n')
        .forEach((line, index) => {
          if (byHand.test(line) || bare.test(line)) found.push(`${file}:${index + 1}`)
        })
    expect(found).to.deep.equal([])
  })
})
