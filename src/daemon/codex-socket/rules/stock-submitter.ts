/** Who asks, where a stock client does. */
import type { Submitter } from '../../peers/submitter.ts'
import { warningFrame } from '../frames/client-frames.ts'
import type { StockSession } from '../stock-session.ts'

/** Settings that would loosen the thread for others are left out of a prompt, with a warning that every stock client shows. */
export function submitterOf(session: StockSession): Submitter {
  const { author, identity, core } = session
  return {
    author,
    identity,
    onLeftOut: (threadId, what) => {
      core.log.info({ client: author.label, threadId, what }, 'settings that loosen were left out')
      const reason = 'only a person at a terminal loosens the settings of a shared thread.'
      session.client.send(warningFrame(threadId, `codex-share left out ${what}: ${reason}`))
    },
  }
}
