/** The table of formats that `get`, `tail` and `post` write events in. */
import { expect } from 'chai'
import { EventFrameReader } from '../../../../src/client/connection/event-frames.ts'
import type { FollowEntry } from '../../../../src/client/following/inbox.ts'
import { type Format, formatOf, formats } from '../../../../src/commands/output/formats.ts'
import type { Gap, ShareEvent } from '../../../../src/protocol/events.ts'
import { answer, sampleEvents } from '../../../support/samples/sample-events.ts'

const gap: Gap = { threadId: 'thread-1', from: 1, to: 3, reason: 'pruned' }
const look = { colour: false, today: '2026-11-22' }
const event = sampleEvents()('item/completed', answer('Do\u200bne.'))
/** As JSON that a terminal shows harmlessly. */
const safe = (value: unknown) => JSON.stringify(value).replaceAll('\u200b', '\\u200b')
const withoutTimes = (text: string) => text.replaceAll(/(?<=codex {2})[\d:]{8}/g, 'hh:mm:ss')

/** As the daemon sends it. */
function frameOf(event: ShareEvent): FollowEntry {
  const bytes = Buffer.from(JSON.stringify({ jsonrpc: '2.0', method: 'share/event', params: event }))
  const frame = new EventFrameReader().read(bytes, 0, bytes.length)
  if (!frame) throw new Error('not the frame of an event')
  return frame
}

function readBack(format: Format): string {
  const renderer = formats[format].page(look, { threadId: 'thread-1', next: 4 })
  return withoutTimes(renderer.renderGap(gap) + renderer.renderEvent(event) + renderer.finish())
}

async function followed(format: Format): Promise<string> {
  let text = ''
  const write = async (output: string | Uint8Array) => {
    text += typeof output === 'string' ? output : Buffer.from(output).toString('utf8')
  }
  const output = formats[format].follow(write, look)
  await output.write([{ kind: 'gap', gap }, frameOf(event)])
  await output.finish()
  return withoutTimes(text)
}

describe('Events', () => {
  const text = '… events 1 to 3 are no longer kept (pruned)\n\ncodex  hh:mm:ss\nDo\u200bne.\n'
  const markdown = '*Events 1 to 3 are no longer kept (pruned).*\n\nDo\u200bne.\n\n'

  it('that are read back are in the format that was asked for', () => {
    const document = safe({ threadId: 'thread-1', events: [event], next: 4, gap })
    expect([readBack('text'), readBack('markdown'), readBack('json')]).to.deep.equal([text, markdown, `${document}\n`])
  })

  it('that are followed are in the same format, and as JSON a line each', async () => {
    expect([await followed('text'), await followed('markdown'), await followed('json')]).to.deep.equal([
      text,
      markdown,
      `${safe({ gap })}\n${safe(event)}\n`,
    ])
  })

  it('have the place of the next page in the text itself where that is for programs', () => {
    const own = Object.entries(formats).filter(([, { namesNext }]) => namesNext)
    expect(own.map(([name]) => name)).to.deep.equal(['json'])
  })

  it('are in the one format that the flags say together', () => {
    expect([
      formatOf({ json: false }),
      formatOf({ json: false, format: 'markdown' }),
      formatOf({ json: true, format: 'text' }),
    ]).to.deep.equal(['text', 'markdown', 'json'])
  })
})
