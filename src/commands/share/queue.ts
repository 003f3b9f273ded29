/** `share queue`: what waits in a thread's queue, taken back or started. */
import { Flags } from '@oclif/core'
import * as v from 'valibot'
import { ShareError } from '../../protocol/errors.ts'
import type { QueuedPrompt, ThreadQueue } from '../../protocol/queue.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { queuedLine, queueTable } from '../../render/tables/thread-queue.ts'
import { ConnectedCommand, threadFlag } from '../base/connected-command.ts'

const startedSchema = v.looseObject({ turn: v.looseObject({ id: v.string() }) })
const deletedSchema = v.looseObject({ deleted: v.boolean() })

export default class ShareQueue extends ConnectedCommand {
  static override summary = 'Show what waits in a thread’s queue; take a prompt back, or start the queue again.'
  static override description =
    'Prompts are queued with `codex queue` and submitted one by one, in order and each as its author’s, once the thread is free. After an interrupted turn the queue is held back until another turn has ended, or until it is started here.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --thread release',
    '<%= config.bin %> <%= command.id %> --thread release --take-back 3f2a91c4',
    '<%= config.bin %> <%= command.id %> --thread release --start',
  ]

  static override flags = {
    thread: threadFlag,
    'take-back': Flags.string({
      helpValue: 'ID',
      exclusive: ['start'],
      description: 'Take this prompt out of the queue: its id, or the beginning of its id when that is unique.',
    }),
    start: Flags.boolean({ description: 'Submit the first prompt now; the others follow as each turn ends.' }),
  }

  override async run(): Promise<void> {
    const { flags } = await this.parse(ShareQueue)
    const { 'take-back': reference, start } = flags
    const toAct = reference !== undefined || start ? { toAct: 'queue' } : {}
    const link = this.connect(flags, toAct)
    const thread = await this.resolveToRead(link, flags.thread)
    const { threadId } = thread
    const { queue = { threadId, prompts: [], heldBack: null } } = thread
    if (reference !== undefined) {
      const prompt = findPrompt(reference, queue.prompts)
      const client = await link.client()
      const params = { threadId, queuedSubmissionId: prompt.id }
      const { deleted } = v.parse(deletedSchema, await client.forward('thread/queue/delete', params))
      if (!deleted) throw notQueuedError(prompt.id)
      if (flags.json) await this.writeJson({ threadId, takenBack: prompt })
      else await this.write(`Taken back: ${queuedLine(prompt)}\n`)
    } else if (start) {
      const client = await link.client()
      const { turn } = v.parse(startedSchema, await client.forward('thread/queue/start', { threadId }))
      if (flags.json) await this.writeJson({ threadId, turnId: turn.id })
      else await this.write(`Started: turn ${visibleLine(turn.id)}\n`)
    } else await this.show(queue, flags.json)
  }

  private async show(queue: ThreadQueue, json: boolean | undefined): Promise<void> {
    if (json) return this.writeJson({ ...queue })
    if (queue.prompts.length === 0) return this.notice('Nothing waits in the queue of this thread.')
    await this.write(`${queueTable(queue, { paint: this.paint, now: Date.now(), ...this.width })}\n`)
    if (queue.heldBack !== null)
      this.notice(
        `Held back: ${visibleLine(queue.heldBack)}. \`${this.commandToCopy(`queue --thread ${queue.threadId} --start`)}\` goes on with it.`,
      )
  }
}

/** @throws ShareError `notFound`; `usage` when several are meant */
function findPrompt(reference: string, prompts: readonly QueuedPrompt[]): QueuedPrompt {
  const [found, ...more] = prompts.filter(({ id }) => id.startsWith(reference.toLowerCase()))
  if (!found) throw notQueuedError(reference)
  if (more.length === 0) return found
  throw new ShareError('usage', `${JSON.stringify(reference)} may be any of ${more.length + 1} prompts`, {
    hint: 'Give more of the id of the one that is meant.',
  })
}

function notQueuedError(id: string): ShareError {
  return new ShareError('notFound', `no prompt ${JSON.stringify(id)} waits in the queue of this thread`, {
    hint: 'It may have been submitted by now.',
  })
}
