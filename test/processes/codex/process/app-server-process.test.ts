/** The app-server as a process: a sibling, found again, stopped for sure, and clear about why it does not start. */

import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { oldestCodex } from '../../../../src/codex/binary/codex-version.ts'
import { openAppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import {
  adoptAppServer,
  findAppServer,
  type StartAppServerOptions,
  startAppServer,
} from '../../../../src/codex/process/app-server-process.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { type CodexLab, client, type LabOptions, openLab, textInput } from '../../../fixtures/codex-lab.ts'
import { makeScratch } from '../../../support/scratch.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('app-server process', function () {
  this.timeout(30_000)
  let lab: CodexLab
  const start = async (labOptions: LabOptions = {}, options: Partial<StartAppServerOptions> = {}) => {
    lab = await openLab(labOptions)
    return startAppServer({ ...lab.place, codex: lab.codex, version: oldestCodex, ...options })
  }
  const failure = async (labOptions: LabOptions, options: Partial<StartAppServerOptions> = {}) => {
    const error = await start(labOptions, options).catch((reason: unknown) => reason)
    if (!(error instanceof ShareError)) throw new Error('it started')
    const plain = (text: string) => text.replaceAll(lab.codex.path, 'CODEX').replaceAll(lab.folder, '')
    return { name: error.errorName, message: plain(error.message), hint: plain(error.hint) }
  }
  afterEach(() => lab.close())

  it('has a session and a group of its own, and writes to its log alone', async () => {
    const { pid } = await start()
    const [group, state] = execFileSync('ps', ['-o', 'pgid=,stat=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/)
    // In `ps`, the `s` says that it leads a session.
    expect([Number(group), state]).to.satisfy(([id, letters]: [number, string]) => id === pid && letters.includes('s'))
    expect(statSync(lab.place.logPath).mode & 0o777).to.equal(0o600)
  })

  it('is found again by its record, and no more once it is stopped', async () => {
    const started = await start()
    const found = await findAppServer(lab.place.recordPath)
    expect(found?.record).to.deep.equal(started.record)
    expect(found?.record).to.include({ version: oldestCodex, socketPath: lab.place.socketPath, codex: lab.codex.path })
    await found?.stop()
    expect([await started.isRunning(), await findAppServer(lab.place.recordPath)]).to.deep.equal([false, undefined])
  })

  it('is found without a record too, and has one then; one on another socket is not', async () => {
    const started = await start()
    const { socketPath, recordPath } = lab.place
    await rm(recordPath)
    expect(await adoptAppServer({ recordPath, version: oldestCodex, socketPath: socketPath.slice(1) })).to.equal(
      undefined,
    )
    const { pid } = (await adoptAppServer({ recordPath, version: oldestCodex, socketPath })) ?? {}
    expect(pid).to.equal(started.pid)
    expect((await findAppServer(recordPath))?.record).to.include({ pid, socketPath })
  })

  it('is stopped in the middle of a turn by the second, orderly step', async () => {
    const appServer = await start()
    const link = await openAppServerLink({ ...lab.place, client, onNotification: () => {}, onRequest: () => {} })
    const { thread } = await link.request('thread/start', {})
    await link.request('turn/start', { threadId: thread.id, input: textInput('hold') })
    await eventually('the request to the model', () => lab.model.requests() > 0)
    await appServer.stop({ stepMs: 4_000 })
    expect(await appServer.isRunning()).to.equal(false)
    // SIGKILL would have left the link behind.
    expect(() => statSync(lab.place.socketPath)).to.throw('ENOENT')
  })

  it('is killed when it does not end by itself', async () => {
    const appServer = await start({ fake: ['stubborn'] })
    await appServer.stop({ stepMs: 100 })
    expect(await appServer.isRunning()).to.equal(false)
  })

  it('is never signalled by a record whose pid belongs to somebody else', async () => {
    const started = await start({ fake: [] })
    const record = JSON.parse(readFileSync(lab.place.recordPath, 'utf8'))
    await writeFile(lab.place.recordPath, JSON.stringify({ ...record, startToken: 'of another' }))
    expect(await findAppServer(lab.place.recordPath)).to.equal(undefined)
    expect(await started.isRunning()).to.equal(true)
    await started.stop({ stepMs: 500 })
  })

  it('takes the place of one that was killed', async () => {
    const first = await start()
    process.kill(first.pid, 'SIGKILL')
    const second = await startAppServer({ ...lab.place, codex: lab.codex, version: oldestCodex })
    expect(await second.isRunning()).to.equal(true)
    expect((await findAppServer(lab.place.recordPath))?.pid).to.equal(second.pid)
  })

  it('leaves nothing behind when the start is given up', async () => {
    const abort = new AbortController()
    const starting = start({ fake: ['deaf'] }, { signal: abort.signal }).catch((reason: unknown) => reason)
    await eventually('the record', () => lab?.place && readFile(lab.place.recordPath).catch(() => undefined))
    abort.abort()
    expect(await starting).to.have.property('name', 'AbortError')
    expect(await findAppServer(lab.place.recordPath)).to.equal(undefined)
  })

  it('says its last words when it exits instead of listening', async () => {
    expect(await failure({ fake: ['fail'] })).to.deep.equal({
      name: 'unavailable',
      message:
        'The Codex app-server did not start: CODEX exited with code 3.\nfirst line\nError: the fake was told to fail',
      hint: 'The whole output is in /app-server.log.',
    })
  })

  it('says only what this start said, and not an earlier one', async () => {
    await failure({ fake: ['fail'] })
    const again = await startAppServer({ ...lab.place, codex: lab.codex, version: '0' }).catch(
      (error: unknown) => error,
    )
    expect(String(again).match(/first line/g)).to.have.lengthOf(1)
  })

  it('says how to mend a CODEX_HOME that is not there', async () => {
    const env = { ...process.env, CODEX_HOME: '/nonexistent' }
    const { message, hint } = await failure({}, { env })
    expect(message).to.contain('exited with code 1').and.contain('Error: CODEX_HOME points to "/nonexistent"')
    expect(hint).to.match(/^Correct or unset CODEX_HOME, or make that folder\./)
  })

  it('says what to do where Codex does not make its home, as below a temporary folder', async () => {
    const { CODEX_HOME: _, ...rest } = process.env
    const home = makeScratch()
    const { message, hint } = await failure({}, { env: { ...rest, HOME: home.dir } }).finally(() => home.remove())
    expect(message).to.contain('Error: No such file or directory (os error 2)')
    expect(hint).to.match(/^The Codex home folder is probably missing: mkdir -p ~\/\.codex, or set CODEX_HOME/)
  })

  it('says that a binary is missing, or not executable, or a folder to start in is', async () => {
    const codex = { path: '/nonexistent/codex', args: [], env: {} }
    const missing = await failure({}, { codex })
    await lab.close()
    const plain = { path: join(import.meta.dirname, 'app-server-process.test.ts'), args: [], env: {} }
    const notExecutable = await failure({}, { codex: plain })
    expect([missing.message, missing.hint.split(':')[0], notExecutable.hint.split(':')[0]]).to.deep.equal([
      'The Codex app-server did not start: /nonexistent/codex could not be run (spawn /nonexistent/codex ENOENT).',
      'The binary is gone, or the folder it was to start in',
      'The binary is not executable',
    ])
  })

  it('is given up, and gone, when it does not listen in time', async () => {
    const { message } = await failure({ fake: ['deaf'] }, { timeoutMs: 400 })
    expect(message).to.equal('The Codex app-server did not start: CODEX did not listen within 0.4 s.')
    expect(await findAppServer(lab.place.recordPath)).to.equal(undefined)
  })
})
