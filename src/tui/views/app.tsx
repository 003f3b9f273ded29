/** The whole screen: what is finished goes to the terminal's own scrollback, the rest is redrawn below it. */
import { Box, Static, Text, useApp, useInput, useIsScreenReaderEnabled, usePaste, useWindowSize } from 'ink'
import { useEffect, useSyncExternalStore } from 'react'
import { truncateToWidth } from '../../render/terminal/display-width.ts'
import type { Paint } from '../../render/terminal/theme.ts'
import type { KeyPress } from '../input/key-press.ts'
import { keyPresses } from '../input/key-press.ts'
import { openForm } from '../state/approval-form.ts'
import type { UiStore } from '../state/store.ts'
import type { Block } from '../state/transcript/block.ts'
import type { UiState } from '../state/ui-state.ts'
import type { Highlight } from '../theme/highlight-code.ts'
import { spokenText } from '../theme/spoken-text.ts'
import type { Style } from '../theme/style.ts'
import { approvalLines } from './approval-lines.ts'
import { blockText } from './block-text.ts'
import { composerLines } from './composer-text.ts'
import { footerText } from './footer-text.ts'
import { hintLines } from './hint-text.ts'
import { liveText } from './live-text.ts'
import { inputMark, withInputMark } from './menu-parts.ts'
import { overlayLines } from './overlay-lines.ts'
import { queuePreview } from './queue-preview.ts'
import { wrapLines } from './wrap-lines.ts'

export interface AppProps {
  readonly store: UiStore
  readonly paint: Paint
  /** What is there of it by now. */
  readonly highlight: () => Highlight | undefined
  readonly onKey: (key: KeyPress) => void
  readonly onPaste: (text: string) => void
  /** Given what only Ink can do, once it runs. */
  readonly onReady: (app: ReturnType<typeof useApp>) => void
}

export function App({ store, paint, highlight, onKey, onPaste, onReady }: AppProps) {
  const state = useSyncExternalStore(store.subscribe, () => store.state)
  const app = useApp()
  const { columns, rows } = useWindowSize()
  const screenReader = useIsScreenReaderEnabled()
  const look: Paint = screenReader ? (_look, text) => text : paint
  const style: Style = { paint: look, width: Math.max(columns, 20), screenReader, highlight: highlight() }
  const { blocks } = state.transcript
  useInput((input, key) => {
    for (const press of keyPresses(input, key)) onKey(press)
  })
  usePaste(onPaste)
  useEffect(() => onReady(app), [onReady, app])
  useEffect(() => store.dispatch({ type: 'printed', count: blocks.length }), [store, blocks.length])
  return (
    <>
      <Static items={[...blocks]}>
        {(block, index) =>
          block ? <FinishedBlock key={block.key} block={block} style={style} /> : <Box key={index} />
        }
      </Static>
      <Below state={state} style={style} rows={rows} />
    </>
  )
}

function FinishedBlock({ block, style }: { readonly block: Block; readonly style: Style }) {
  return <Lines lines={wrapLines(textOfBlock(block, style), style.width)} />
}

/** A part that cannot be drawn must not take the whole conversation with it. */
function textOfBlock(block: Block, style: Style): string {
  try {
    return blockText(block, style)
  } catch (error) {
    return `✖ a part of kind “${block.kind}” could not be shown: ${String(error)}`
  }
}

/** One text a line: Ink remembers thousands of texts that it has measured, so they had better be short, and the same again. */
function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <Box flexDirection="column">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
        <Text key={index} wrap="truncate">
          {line === '' ? ' ' : line}
        </Text>
      ))}
    </Box>
  )
}

interface BelowProps {
  readonly state: UiState
  readonly style: Style
  readonly rows: number
}

function Below({ state, style, rows }: BelowProps) {
  return <Lines lines={belowLines(state, style, rows)} />
}

/** Lines that are left to the transcript and the composer before the queue is shown. */
const leastRest = 6

/** Always fewer lines than the screen has: the transcript gives way first, then what is long in the composer. */
export function belowLines(state: UiState, style: Style, rows: number): readonly string[] {
  const { session, overlay, approvals, approvalChoice, form, composer, farewell, now } = state
  const footer = footerText(session, now, style)
  const most = Math.max(4, rows - 1)
  if (farewell !== null)
    return [
      ...liveLines(state, most - 2, style),
      '',
      style.paint('quiet', truncateToWidth(spokenText(farewell, style), style.width)),
    ]
  const space = { ...style, rows: most - 1, now }
  if (overlay) {
    const menu = overlayLines(overlay, session, space).slice(0, most - 1)
    return [...liveLines(state, most - 1 - menu.length, style), ...menu, footer]
  }
  const [approval] = approvals
  const shown = approval && { approval, selected: approvalChoice, form: openForm(form, approval) }
  const asked = shown ? approvalLines(shown, { ...space, rows: Math.max(4, most - 4) }) : []
  const said = hintLines(state, style)
  const queued = queuePreview(session, style).slice(0, Math.max(0, most - asked.length - said.length - leastRest))
  const hint = [...queued, ...said]
  const room = most - asked.length - 1 - hint.length
  const active = approvalChoice === null
  const size = {
    width: style.width - inputMark(style).length,
    rows: Math.max(1, Math.min(8, Math.floor(rows / 3), room)),
    active,
  }
  const written = withInputMark(composerLines(composer, size), style)
  const left = room - written.length - 1
  return [...liveLines(state, left, style), ...(left >= 0 ? [''] : []), ...asked, ...hint, ...written, footer]
}

/** What is being written at this moment, apart from what is finished above it, in at most `rows` lines. */
function liveLines({ transcript }: UiState, rows: number, style: Style): readonly string[] {
  // Read out with every word that comes; its paragraphs are read when they are finished.
  if (style.screenReader) return []
  const live = rows > 1 ? liveText(transcript, rows - 1, style) : ''
  return live === '' ? [] : ['', ...live.split('\n')]
}
