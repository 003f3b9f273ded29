/** Holds the unit layer to what it is: a test that starts a process fails, and says which. */
import childProcess from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
import './quick-start.ts'

const starters = ['spawn', 'spawnSync', 'fork', 'exec', 'execSync', 'execFile', 'execFileSync'] as const

/** Mocha starts the workers that the tests run in. */
const isMochaItself = process.argv.includes('--parallel') && process.env.MOCHA_WORKER_ID === undefined

for (const name of isMochaItself ? [] : starters)
  Object.defineProperty(childProcess, name, {
    value: (program: unknown) => {
      throw new Error(`a unit test starts a process (${name} ${String(program)}): it belongs into test/processes`)
    },
  })
syncBuiltinESMExports()
