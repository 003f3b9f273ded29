/** Writes the state of one UI, as a terminal UI does: `write-state.ts FILE DRAFT`. Ends with 5 where it cannot be written. */
import { writeUiState } from '../../../src/platform/state-file.ts'
import { thisSystem } from '../../../src/platform/system/this-system.ts'

const [file = '', draft = ''] = process.argv.slice(2)
const { pid } = process
const startToken = (await thisSystem.startTokenOf(pid)) ?? ''
const place = { mode: 'SHARED', endpoint: null, threadId: null, eventId: 0, submission: null } as const
try {
  await writeUiState(file, { ui: { pid, startToken, draft, ...place }, history: [draft], claimed: undefined })
} catch (error) {
  process.stderr.write(`${String(error)}\n`)
  process.exitCode = 5
}
