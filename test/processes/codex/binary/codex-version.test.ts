/** Which versions of Codex are accepted, and what is said of the others. */

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { codexVersion, oldestCodex } from '../../../../src/codex/binary/codex-version.ts'
import { findCodex } from '../../../../src/codex/binary/find-codex.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { fakeCodex } from '../../../fixtures/codex-lab.ts'

describe('the version of Codex', () => {
  let folder: string
  const options = { env: process.env }
  const script = async (text: string) => {
    const path = join(folder, 'codex')
    await writeFile(path, `#!/bin/sh\n${text}\n`)
    await chmod(path, 0o755)
    return { path, args: [], env: {} }
  }
  const messageOf = (error: unknown) =>
    error instanceof ShareError && error.errorName === 'unavailable' ? error.message.replaceAll(folder, '') : error

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cs-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('is asked of the real one, which is new enough', async () => {
    const codex = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: folder })
    expect(await codexVersion(codex, options)).to.match(/^0\.\d+\.\d+/)
  })

  it('is refused when it is too old, naming both versions', async () => {
    const error = await codexVersion(fakeCodex(['version=0.99.9']), options).catch((reason: unknown) => reason)
    expect(messageOf(error)).to.equal(`Codex 0.99.9 is too old: codex-share needs ${oldestCodex} or newer.`)
  })

  it('is missing from a program that is not Codex', async () => {
    const error = await codexVersion(await script('echo hello'), options).catch((reason: unknown) => reason)
    expect(messageOf(error)).to.equal('`/codex --version` is not Codex: it printed "hello\\n".')
  })

  it('is given up when the program fails, with what it said', async () => {
    const error = await codexVersion(await script('echo "no such library" >&2; exit 1'), options).catch(
      (reason: unknown) => reason,
    )
    expect(messageOf(error)).to.equal('`/codex --version` failed: no such library.')
  })

  it('is given up when the program fails and says nothing, with how it ended', async () => {
    const error = await codexVersion(await script('exit 3'), options).catch((reason: unknown) => reason)
    expect(messageOf(error)).to.equal('`/codex --version` failed: exit code 3.')
  })

  it('is given up when the program hangs', async () => {
    const codex = await script('exec sleep 30')
    const error = await codexVersion(codex, { ...options, timeoutMs: 100 }).catch((reason: unknown) => reason)
    expect(messageOf(error)).to.equal('`/codex --version` did not answer within 0.1 s.')
  })
})
