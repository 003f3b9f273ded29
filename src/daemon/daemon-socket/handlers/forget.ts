/** `share/forget`: takes a thread, a turn or a text out of the ledger for good. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ForgetSubject } from '../../../ledger/forget/choose-events.ts'
import { isDatabaseError } from '../../../ledger/open-ledger.ts'
import { ledgerBytes } from '../../../platform/places/ledger-files.ts'
import { ShareError } from '../../../protocol/errors.ts'
import type { DaemonCore } from '../../core.ts'
import { busyError } from '../../gate/outcome.ts'
import { letGo } from '../../threads/let-go.ts'
import { findCopies } from '../../upkeep/find-copies.ts'
import type { Handler } from '../handler.ts'

/** Writing a larger file whole takes so long that a turn would be held up, and Codex lets go of a reader that does not read. */
const quickBytes = 64 * 1024 * 1024

export const onForget: Handler<'share/forget'> = async (
  core,
  { threadId, turnId, match: text, dryRun },
  { author },
) => {
  const { ledger, recorder, places, supervisor, feed, approvals, queues } = core
  if (turnId !== undefined && text !== undefined)
    throw new ShareError('usage', 'give either a turn or a text, not both')
  const subject: ForgetSubject = { threadId, turnId, text }
  if (!ledger.threads.has(threadId)) throw new ShareError('notFound', `the ledger has no thread ${threadId}`)
  const otherThreads = text === undefined ? [] : await threadsWith(core, text, threadId)
  const found = prepare(core, subject)
  const { events, turns, ranges } = found
  const result = { threadId, turnId: turnId ?? null, events, turns, ranges, otherThreads }
  const bytes = ledgerBytes(ledger.file) ?? 0
  if (dryRun) return { ...result, ledgerBytes: bytes, unreached: [] }

  // Nothing else happens between these: whoever is sent the note can no longer be sent what it is about.
  const asked = { by: author, atMs: Date.now() }
  feed.publish(
    threadId,
    recorder.writeNow(() => ledger.forgetting.carryOut(subject, asked)),
  )
  approvals.forget(threadId)
  queues.tell(threadId)
  if (turnId === undefined && text === undefined) letGo(core, threadId)
  const isClean = scrub(core) && !folderHolds(core, subject)

  const codexHome = supervisor.info?.codexHome ?? process.env.CODEX_HOME ?? join(homedir(), '.codex')
  const copies = await findCopies({ places, codexHome, subject })
  return {
    ...result,
    ledgerBytes: ledgerBytes(ledger.file) ?? 0,
    unreached: [...(isClean ? [] : [ledger.file]), ...copies],
  }
}

/** @throws ShareError `busy` while a turn runs that this would disturb; `notFound`; `unavailable` while the ledger cannot be written */
function prepare({ ledger, recorder, slots }: DaemonCore, subject: ForgetSubject) {
  const { threadId } = subject
  recorder.requireWritable()
  const active = slots.active(threadId)
  if (active) throw busyError(active, { hint: 'Wait for the turn to end, or end it with `codex-share interrupt`.' })
  const open = ledger.turns.open(threadId)
  if (open) throw new ShareError('busy', `turn ${open.turnId} of this thread has not ended yet`)
  if (slots.size > 0 && (ledgerBytes(ledger.file) ?? 0) > quickBytes)
    throw new ShareError('busy', 'a turn runs in another thread, which forgetting would hold up: the ledger is large', {
      hint: 'Try again when no turn runs; `codex-share list` shows them.',
    })
  const found = ledger.forgetting.find(subject)
  if (found.events + found.facts > 0) return found
  throw new ShareError('notFound', `there is nothing to forget of it in thread ${threadId}`, {
    hint: 'A text is looked for exactly as it is given; `codex-share get --json` shows turns and their ids.',
  })
}

/** Returns false where the disk has no room for it: the next start does it then. */
function scrub({ ledger, standStill, log }: DaemonCore): boolean {
  try {
    standStill(() => ledger.scrub())
    return true
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    log.error({ err: error }, 'what was forgotten may still be in the ledger’s file, which could not be written whole')
    return false
  }
}

/** The folder of a thread is not forgotten: Codex names it again, and the daemon goes by it. */
function folderHolds({ ledger }: DaemonCore, { threadId, text }: ForgetSubject): boolean {
  return text !== undefined && (ledger.threads.get(threadId)?.cwd ?? '').includes(text)
}

/** Some events at a time, so that nobody waits for all of them. */
async function threadsWith({ ledger }: DaemonCore, text: string, except: string): Promise<string[]> {
  const found: string[] = []
  for (const { threadId } of [...ledger.threads.all()]) {
    if (threadId === except) continue
    const look = ledger.forgetting.holds(threadId, text)
    let step = look.next()
    for (; !step.done; step = look.next()) await nextTurn()
    if (step.value) found.push(threadId)
  }
  return found
}
