/** Holds that no file of the heart is without a test of its own in the unit layer. */
import { expect } from 'chai'
import { heartWithoutTest } from '../coverage/heart.ts'

/** Not tested by themselves yet. This list only gets shorter. */
const withoutTest: readonly string[] = [
  'src/daemon/codex-socket/rules/restricted-client.ts',
  'src/daemon/codex-socket/rules/stock-errors.ts',
  'src/daemon/codex-socket/rules/stock-queue.ts',
  'src/daemon/codex-socket/rules/stock-rules.ts',
  'src/daemon/codex-socket/rules/stock-submitter.ts',
  'src/daemon/codex-socket/rules/stock-turns.ts',
  'src/daemon/codex-socket/shared-link/link-handover.ts',
  'src/daemon/codex-socket/shared-link/link-handovers.ts',
  'src/daemon/codex-socket/shared-link/observe-notification.ts',
  'src/daemon/codex-socket/shared-link/shared-link.ts',
  'src/daemon/codex-socket/shared-link/shared-links.ts',
  'src/daemon/gate/interrupt-turn.ts',
  'src/daemon/gate/method-effects.ts',
  'src/daemon/gate/request-book.ts',
  'src/daemon/gate/sender.ts',
  'src/daemon/gate/steer-turn.ts',
  'src/daemon/gate/submit-prompt.ts',
  'src/daemon/threads/let-go.ts',
  'src/daemon/threads/new-thread.ts',
  'src/daemon/threads/replay-filter.ts',
  'src/daemon/threads/thread-facts.ts',
  'src/ledger/event-store.ts',
  'src/ledger/forget/choose-events.ts',
  'src/ledger/forget/facts-of-thread.ts',
  'src/ledger/forget/forgetting.ts',
  'src/ledger/forget/forgotten-around.ts',
  'src/ledger/forget/forgotten-runs.ts',
  'src/ledger/forget/scrub.ts',
  'src/ledger/forget/stored-text.ts',
  'src/ledger/former-file.ts',
  'src/ledger/ledger-clock.ts',
  'src/ledger/meta.ts',
  'src/ledger/open-ledger.ts',
  'src/ledger/queue-store.ts',
  'src/ledger/retention.ts',
  'src/ledger/soundness.ts',
  'src/ledger/thread-store.ts',
  'src/ledger/turn-store.ts',
]

describe('The heart', () => {
  it('has a direct test of every file', () => {
    expect(heartWithoutTest()).to.deep.equal(withoutTest)
  })
})
