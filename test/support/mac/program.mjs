/** Stands in for an agent's program: says what it is told, and takes its time to end. Its folder is in PROGRAM_FOLDER. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const at = (name) => join(process.env.PROGRAM_FOLDER, name)
const wish = (name) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '')

appendFileSync(at('started'), `${process.argv.slice(2).join(' ')}\n`)
let asked = 0
process.on('SIGTERM', () => {
  appendFileSync(at('signals'), 'SIGTERM\n')
  asked += 1
  const [afterMs = '0', signals = '1'] = wish('end').split(' ')
  if (asked >= Number(signals)) setTimeout(() => process.exit(), Number(afterMs))
})
if (wish('fail') !== '') {
  process.stderr.write(`Error: ${wish('fail')}\n`)
  process.exitCode = 1
} else setInterval(() => {}, 60_000)
