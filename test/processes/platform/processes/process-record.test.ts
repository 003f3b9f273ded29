/** A record finds the process it was written for, and no other. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import {
  isStillRunning,
  readLiveRecord,
  removeProcessRecord,
  writeProcessRecord,
} from '../../../../src/platform/processes/process-record.ts'
import { eventually } from '../../../support/waiting/eventually.ts'

describe('process record', () => {
  let folder: string
  let path: string
  let child: ChildProcess
  let pid: number

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cs-'))
    path = join(folder, 'record.json')
    child = spawn('sleep', ['60'])
    await once(child, 'spawn')
    pid = child.pid ?? 0
  })

  afterEach(async () => {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true })
  })

  it('finds a running process again, with what its writer added', async () => {
    const written = await writeProcessRecord(path, { pid, version: '1.2.3', socketPath: '/s' })
    expect(await readLiveRecord(path)).to.deep.equal(written)
    expect(written).to.include({ pid, version: '1.2.3', socketPath: '/s' })
  })

  it('is a file of mode 0600 with nothing left beside it', async () => {
    await writeProcessRecord(path, { pid, version: '1' })
    await writeProcessRecord(path, { pid, version: '2' })
    expect((await stat(path)).mode & 0o777).to.equal(0o600)
    expect(await readdir(folder)).to.deep.equal(['record.json'])
  })

  it('finds nothing once the process has ended', async () => {
    await writeProcessRecord(path, { pid, version: '1' })
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await readLiveRecord(path)).to.equal(undefined)
  })

  it('takes a zombie for ended, as nobody may ever reap it', async () => {
    if (process.platform !== 'linux') return
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      const [line] = await once(parent.stdout, 'data')
      const record = await writeProcessRecord(path, { pid: Number(line), version: '1' })
      // Only as `sleep` does the parent never reap; the shell that it was before may.
      await eventually('the parent is sleep', () => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n')
      process.kill(record.pid, 'SIGKILL')
      await eventually('the end of the zombie', async () => !(await isStillRunning(record)))
      expect(() => process.kill(record.pid, 0)).not.to.throw()
    } finally {
      parent.kill('SIGKILL')
    }
  })

  it('ignores a record whose pid belongs to another process by now', async () => {
    const written = await writeProcessRecord(path, { pid, version: '1' })
    await writeFile(path, JSON.stringify({ ...written, startToken: `${written.startToken}0` }))
    expect(await readLiveRecord(path)).to.equal(undefined)
  })

  it('takes a broken record for none, and one with a pid that would mean a group', async () => {
    const written = await writeProcessRecord(path, { pid, version: '1' })
    for (const text of ['', '{"pid":', '[]', '{}', JSON.stringify({ ...written, pid: -1 })]) {
      await writeFile(path, text)
      expect(await readLiveRecord(path), text).to.equal(undefined)
    }
  })

  it('is refused for a pid that nobody has', async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
    const error = await writeProcessRecord(path, { pid, version: '1' }).catch((reason: unknown) => reason)
    expect(String(error)).to.equal(`Error: no process has the pid ${pid}`)
    expect(await readdir(folder)).to.deep.equal([])
  })

  it('removes only its own record', async () => {
    const first = await writeProcessRecord(path, { pid, version: '1' })
    const second = await writeProcessRecord(path, { pid: process.pid, version: '2' })
    await removeProcessRecord(path, first)
    expect(await readLiveRecord(path)).to.deep.equal(second)
    await removeProcessRecord(path, second)
    expect(await readdir(folder)).to.deep.equal([])
  })
})
