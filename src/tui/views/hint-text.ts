/** The one line between transcript and composer: what is going on, or what the next key would do. Pure. */
import { duration } from '../../render/clock.ts'
import { truncateToWidth } from '../../render/display-width.ts'
import { completions } from '../input/slash-commands.ts'
import type { UiState } from '../state/ui-state.ts'
import type { Style } from '../theme/style.ts'

export function hintText(state: UiState, { paint, width }: Style): string {
  const found = hintOf(state)
  return found === undefined ? '' : paint(found.loud ? 'caution' : 'quiet', truncateToWidth(found.text, width))
}

function hintOf(state: UiState): { readonly text: string; readonly loud: boolean } | undefined {
  const { armed, doing, hint, submission, composer, session, now } = state
  const { connection } = session
  if (armed === 'quit') return { text: 'Ctrl+C again leaves', loud: true }
  if (armed === 'interrupt') return { text: 'Esc again interrupts the running turn', loud: true }
  if (hint !== null) return { text: hint, loud: true }
  if (doing !== null) return { text: doing, loud: true }
  if (connection.state === 'lost') {
    const seconds = Math.max(0, now - connection.since)
    const text = `connection lost for ${duration(Math.round(seconds / 1000) * 1000)}: trying again every 2 s at most. Typing goes on. (${connection.reason})`
    return { text, loud: true }
  }
  if (submission?.state === 'waiting')
    return { text: 'waiting for the running turn to end, then sending. Esc: do not wait', loud: true }
  if (submission?.state === 'sending') return { text: 'sending…', loud: false }
  const commands = composer.text.startsWith('/') ? completions(composer.text) : []
  if (commands.length > 0) {
    const [only] = commands
    const text =
      commands.length === 1 && only ? `${only.name}  ${only.about}` : commands.map(({ name }) => name).join(' ')
    return { text, loud: false }
  }
  return undefined
}
