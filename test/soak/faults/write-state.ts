/** Writes the state of one UI: `write-state.ts FILE DRAFT`. Prints the milliseconds it took; ends with 5 where it cannot be written. */
import { writeUiState } from '../../../src/platform/state-file.ts'
import { thisSystem } from '../../../src/platform/system/this-system.ts'

const [file = '', draft = ''] = process.argv.slice(2)
const { pid } = process
const startToken = (await thisSystem.startTokenOf(pid)) ?? ''
const place = { mode: 'SHARED', endpoint: null, threadId: null, eventId: 0, submission: null } as const
const began = performance.now()
try {
  await writeUiState(file, { ui: { pid, startToken, draft, ...place }, history: [draft], claimed: undefined })
  process.stdout.write(`${Math.round(performance.now() - began)}\n`)
} catch (error) {
  process.stderr.write(`${String(error)}\n`)
  process.exitCode = 5
}
