/** Every error about a thread that we tell apart, as the real app-server says it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { type AppServerLink, openAppServerLink } from '../../../../src/codex/link/app-server-link.ts'
import { UpstreamError } from '../../../../src/codex/link/upstream-error.ts'
import { configError, threadTrouble } from '../../../../src/codex/link/upstream-quirks.ts'
import { findAppServer, startAppServer } from '../../../../src/codex/process/app-server-process.ts'
import { ShareError } from '../../../../src/protocol/errors.ts'
import { type CodexLab, client, openLab } from '../../../fixtures/codex-lab.ts'

const unknownId = '019a0000-0000-7000-8000-000000000000'

describe('errors about threads', function () {
  this.timeout(30_000)
  let lab: CodexLab
  let link: AppServerLink

  const start = async (name: string) => {
    const place = {
      ...lab.place,
      socketPath: `${lab.folder}/${name}.sock`,
      recordPath: `${lab.folder}/${name}.json`,
    }
    await startAppServer({ ...place, codex: lab.codex, version: '0' })
    return {
      link: await openAppServerLink({ ...place, client, onNotification: () => {}, onRequest: () => {} }),
      stop: async () => (await findAppServer(place.recordPath))?.stop(),
    }
  }
  const kindOf = async (method: string, params: object, from = link) => {
    const error = await from.forward(method, params).then(
      () => new Error('it was answered'),
      (reason: unknown) => reason,
    )
    return threadTrouble(error)?.kind
  }

  before(async () => {
    lab = await openLab()
    await startAppServer({ ...lab.place, codex: lab.codex, version: '0' })
    link = await openAppServerLink({ ...lab.place, client, onNotification: () => {}, onRequest: () => {} })
  })
  after(async () => {
    link?.close()
    await lab.close()
  })

  it('are told apart for an id that is none, and for one that nobody knows', async () => {
    const methods = {
      'thread/resume': { excludeTurns: true },
      'thread/fork': {},
      'thread/read': {},
      'thread/turns/list': {},
      'thread/name/set': { name: 'x' },
      'turn/start': { input: [] },
      'turn/interrupt': { turnId: unknownId },
    }
    const kinds = []
    for (const [method, params] of Object.entries(methods)) {
      const malformed = await kindOf(method, { threadId: 'nope', ...params })
      kinds.push([method, malformed, await kindOf(method, { threadId: unknownId, ...params })])
    }
    expect(kinds).to.deep.equal([
      ['thread/resume', 'malformed', 'unknown'],
      ['thread/fork', 'malformed', 'unknown'],
      ['thread/read', 'malformed', 'unknown'],
      ['thread/turns/list', 'malformed', 'unknown'],
      ['thread/name/set', 'malformed', 'unknown'],
      ['turn/start', 'malformed', 'notLoaded'],
      ['turn/interrupt', 'malformed', 'notLoaded'],
    ])
  })

  it('are told apart for a thread that is not stored yet, not loaded here, or open elsewhere', async () => {
    const { thread } = await link.request('thread/start', { cwd: lab.folder })
    const threadId = thread.id
    expect(await kindOf('thread/turns/list', { threadId })).to.equal('notMaterialized')
    await link.request('thread/name/set', { threadId, name: 'named' })
    const other = await start('other')
    try {
      expect(await kindOf('turn/start', { threadId, input: [] }, other.link)).to.equal('notLoaded')
      expect(await kindOf('thread/resume', { threadId, excludeTurns: true }, other.link)).to.equal('activeWriter')
    } finally {
      other.link.close()
      await other.stop()
    }
  })

  it('are nothing else: not our own errors, nor other refusals with the same words', () => {
    const words = 'thread not found: x'
    const others = [
      new ShareError('notFound', words),
      new Error(words),
      new UpstreamError({ code: -32603, message: words }),
      new UpstreamError({ code: -32600, message: 'Invalid request: missing field `params`' }),
    ]
    expect(others.map(threadTrouble)).to.deep.equal([undefined, undefined, undefined, undefined])
  })

  it('name file and line of settings that cannot be read, and only those', async () => {
    const file = `${lab.place.env.CODEX_HOME}/config.toml`
    const good = readFileSync(file, 'utf8')
    const saidFor = async (config: string, method: string, params: object) => {
      writeFileSync(file, config)
      const error = await link.forward(method, params).catch((reason: unknown) => reason)
      const said = configError(error)
      return said && [said.errorName, said.message.replace(file, 'FILE'), said.facts.line]
    }
    const { thread } = await link.request('thread/start', { cwd: lab.folder })
    const threadId = thread.id
    await link.request('thread/name/set', { threadId, name: 'forked' })
    for (const method of ['thread/start', 'thread/fork'])
      expect(await saidFor(`model = = "x"\n${good}`, method, { threadId })).to.deep.equal([
        'unavailable',
        'Codex cannot read its settings: FILE, line 1, column 9: extra `=`, expected nothing',
        1,
      ])
    const nowhere = good.replace('model_provider = "scripted"', 'model_provider = "nope"')
    expect(await saidFor(nowhere, 'thread/start', {})).to.deep.equal([
      'unavailable',
      'Codex cannot read its settings: Model provider `nope` not found',
      undefined,
    ])
    expect(await saidFor(good, 'thread/resume', { threadId: unknownId })).to.equal(undefined)
  })
})
