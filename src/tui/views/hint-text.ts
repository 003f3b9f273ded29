/** Between transcript and composer: what is going on, or what the next key would do. Pure. */

import { visibleLine, visibleText } from '../../protocol/text/visible-text.ts'
import { runningFor } from '../../render/terminal/clock.ts'
import { truncateToWidth } from '../../render/terminal/display-width.ts'
import { proseLine } from '../../render/terminal/prose-text.ts'
import { completions } from '../input/slash-commands.ts'
import type { UiState } from '../state/ui-state.ts'
import { spokenText } from '../theme/spoken-text.ts'
import type { Style } from '../theme/style.ts'
import { wrapIndented } from './wrap-lines.ts'

const mostLines = 2

/** None when there is nothing to say. */
export function hintLines(state: UiState, style: Style): readonly string[] {
  const { paint, width, screenReader } = style
  const found = hintOf(state, screenReader ? null : state.now)
  if (found === undefined) return []
  const [first = '', ...rest] = wrapIndented(spokenText(found.text, style), width)
  const shown = rest.length < mostLines ? [first, ...rest] : [first, truncateToWidth(rest.join(' '), width)]
  return shown.map((line) => paint(found.loud ? 'caution' : 'quiet', line))
}

function hintOf(state: UiState, now: number | null): { readonly text: string; readonly loud: boolean } | undefined {
  const { armed, doing, hint, submission, composer, session, transcript } = state
  const { connection } = session
  const time = (since: number) => (now === null ? '' : ` for ${runningFor(now - since)}`)
  if (armed === 'quit') return { text: 'Ctrl+C again leaves · ↑ brings back what was written', loud: true }
  if (armed === 'interrupt') return { text: 'Esc again interrupts the running turn', loud: true }
  if (hint !== null) return { text: visibleText(hint), loud: true }
  if (doing !== null) return { text: visibleText(doing), loud: true }
  const back = submission?.state === 'sending' ? 'Esc takes your prompt back.' : 'Typing goes on.'
  if (connection.state === 'lost') {
    const text = `connection lost${time(connection.since)}: trying again every 2 s at most. ${back} (${visibleLine(connection.reason)})`
    return { text, loud: true }
  }
  if (connection.state === 'silent') {
    const text = `no answer from the daemon${time(connection.since)}. ${back} \`codex-share daemon restart\` ends one that hangs.`
    return { text, loud: true }
  }
  if (submission?.state === 'waiting') {
    const text = `waiting for the running turn to end (Esc: do not wait), then sending “${proseLine(submission.text.slice(0, 200))}”`
    return { text, loud: true }
  }
  if (submission?.state === 'sending')
    return { text: `sending “${proseLine(submission.text.slice(0, 200))}”`, loud: false }
  if (transcript.retrying !== '') return { text: transcript.retrying, loud: true }
  const commands = composer.text.startsWith('/') ? completions(composer.text) : []
  if (commands.length > 0) {
    const [only] = commands
    const text =
      commands.length === 1 && only ? `${only.name}  ${only.about}` : commands.map(({ name }) => name).join(' ')
    return { text, loud: false }
  }
  return undefined
}
