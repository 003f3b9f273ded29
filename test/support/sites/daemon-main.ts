/** Runs the daemon from source. */
import { fileURLToPath } from 'node:url'
import { runDaemon } from '../../../src/daemon/start/run-daemon.ts'

await runDaemon({ programFile: fileURLToPath(new URL('../../../package.json', import.meta.url)) }).then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  },
)
