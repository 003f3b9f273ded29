/** `share attach`: from a shell to the stock Codex UI on a shared thread, and back. */
import { join } from 'node:path'
import { expect } from 'chai'
import { openTerminal } from '../../support/peers/terminal.ts'
import { makeSite, type TestSite } from '../../support/sites/daemon-process.ts'

describe('share attach', function () {
  this.timeout(60_000)
  let site: TestSite

  before(async () => {
    site = await makeSite()
    await site.startDaemon()
  })

  after(() => site.close())

  /** In a shell, which tells the exit code: tmux does not always notice that its own child has ended. */
  const attach = (thread: string) => {
    const program = `'${process.execPath}' '${join(import.meta.dirname, '../../../bin/run.js')}'`
    const command = ['/bin/sh', '-c', `${program} attach ${thread}; echo "exit code $?"; cat`]
    return openTerminal({ home: site, command })
  }

  it('opens the stock UI on the thread that is named, present like any other, and ends with it', async () => {
    const script = await site.connect({ label: 'script' })
    const threadId = await script.startThread('release')
    await script.follow(threadId)
    const { turn } = await script.submit(threadId, 'said before')
    await script.turnEnd(turn.id)
    const terminal = attach('release')
    try {
      await terminal.shows('You said: said before', 20_000)
      const { peers } = await script.call('share/who', { threadId })
      expect(Array.isArray(peers) && peers.map(({ kind }) => kind)).to.deep.equal(['script', 'codex'])
      const posted = await script.submit(threadId, 'said meanwhile')
      await script.turnEnd(posted.turn.id)
      await terminal.shows('You said: said meanwhile')
      terminal.type('/quit')
      await terminal.shows('› /quit')
      terminal.press('Enter')
      await terminal.shows('exit code 0')
    } finally {
      terminal.close()
    }
  })

  it('says what it does not know, and opens nothing', async () => {
    const terminal = attach('no-such-thread')
    try {
      await terminal.shows('exit code 4')
      expect(terminal.all()).to.include('no thread has the id or name')
    } finally {
      terminal.close()
    }
  })
})
