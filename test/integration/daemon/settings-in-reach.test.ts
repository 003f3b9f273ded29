/** Settings and programs that the agent of a shared thread could have written, under the real daemon. */
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import * as v from 'valibot'
import { readLiveRecord } from '../../../src/platform/processes/process-record.ts'
import { type DaemonStatus, statusSchema } from '../../../src/protocol/status.ts'
import type { TestPeer } from '../../support/peers/test-peer.ts'
import { endProcess, killGroup, type TestSite } from '../../support/sites/daemon-process.ts'
import { describeSite } from '../../support/sites/describe-site.ts'
import { eventually } from '../../support/waiting/eventually.ts'

describeSite('Settings in the folder of a shared thread', { each: true, daemon: false }, (site) => {
  let daemon: Awaited<ReturnType<TestSite['startDaemon']>>
  const at = (...names: string[]) => join(site.dir, ...names)

  beforeEach(async () => {
    mkdirSync(at('config/codex-share'), { recursive: true })
    mkdirSync(at('work'))
    daemon = await site.startDaemon()
  })
  async function restart(): Promise<void> {
    await endProcess(daemon)
    const appServer = await readLiveRecord(at('data/codex-share/app-server.json'))
    if (appServer) {
      killGroup(appServer.pid)
      await eventually(
        'the app-server is gone',
        async () => !(await readLiveRecord(at('data/codex-share/app-server.json'))),
      )
    }
    daemon = await site.startDaemon()
  }

  /** A program that leaves a mark when it is run. */
  function trap(path: string): string {
    writeFileSync(path, `#!/bin/sh\ntouch '${at('sprung')}'\nexec codex "$@"\n`)
    chmodSync(path, 0o755)
    return path
  }

  const set = (settings: object) => writeFileSync(at('config/codex-share/config.json'), JSON.stringify(settings))
  const statusOf = async (peer: TestPeer) => v.parse(statusSchema, await peer.call('share/status', {}))
  const status = async () => statusOf(await site.connect())
  /** Asks over one connection: the daemon takes so many only, and is asked often. */
  const settled = async (isIt: (status: DaemonStatus) => boolean) => {
    const peer = await site.connect()
    return eventually('the app-server is there, or is not to be', async () => {
      const now = await statusOf(peer)
      return isIt(now) && now
    })
  }

  it('neither name the program that is run nor open a door, also once the thread is closed', async () => {
    const peer = await site.connect()
    const threadId = await peer.startThread('lab', at('config'))
    await peer.call('share/close', { threadId })
    set({ codexBin: trap(at('evil')), peers: { confined: 'post' }, limits: { connections: 77 } })
    await restart()
    const { settings, exposed } = await settled(({ appServer }) => appServer.state === 'ready')
    const file = at('config/codex-share/config.json')
    expect({ settings, exposed }).to.deep.equal({
      settings: {
        file,
        refused: ['codexBin', 'peers.confined'],
        problem: `codexBin and peers.confined are not used: the agent of the shared thread ${threadId}, which works in ${at('config')}, could have written them. Move ${file} out of that folder with XDG_CONFIG_HOME, or let that thread work in a folder below, then run \`codex-share daemon restart\`.`,
      },
      exposed: [{ what: 'settings', path: file, threadId, folder: at('config') }],
    })
    expect(existsSync(at('sprung'))).to.equal(false)
  })

  it('are used where no thread works', async () => {
    await (await site.connect()).startThread('lab', at('work'))
    set({ codexBin: trap(at('mine')) })
    await restart()
    const { settings, exposed } = await settled(({ appServer }) => appServer.state === 'ready')
    expect({ settings, exposed }).to.deep.equal({
      settings: { file: at('config/codex-share/config.json'), refused: [], problem: null },
      exposed: [],
    })
    expect(existsSync(at('sprung'))).to.equal(true)
  })

  it('are the business of nobody who shares a thread there only afterwards', async () => {
    set({ codexBin: trap(at('mine')) })
    await restart()
    await settled(({ appServer }) => appServer.state === 'ready')
    const threadId = await (await site.connect()).startThread('lab', at('config'))
    const { settings, exposed } = await status()
    expect([settings?.refused, exposed?.map(({ what, threadId: by }) => [what, by])]).to.deep.equal([
      [],
      [['settings', threadId]],
    ])
  })

  it('start no program that lies there, be it only the link to it', async () => {
    const threadId = await (await site.connect()).startThread('lab', at('work'))
    symlinkSync(trap(at('mine')), at('work/codex'))
    set({ codexBin: at('work/codex') })
    await restart()
    const { appServer } = await settled(({ appServer: { problem } }) => problem !== null)
    expect(appServer.problem).to.include(
      `The Codex binary ${at('work/codex')}, named by the settings file, cannot be run: it lies in ${at('work')}, where the agent of the shared thread ${threadId} may write.`,
    )
    expect(existsSync(at('sprung'))).to.equal(false)
  })

  it('say nothing against a program that a person has named, but for a warning', async () => {
    const threadId = await (await site.connect()).startThread('lab', at('work'))
    const codex = trap(at('work/codex'))
    site.env.CODEX_SHARE_CODEX_BIN = codex
    await restart()
    const { exposed } = await settled(({ appServer }) => appServer.state === 'ready')
    expect(exposed).to.deep.equal([{ what: 'codex', path: codex, threadId, folder: at('work') }])
  })
})
