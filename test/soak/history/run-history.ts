/**
 * Everything at once for a while, recorded, and held against what is promised: commands post, clients on both sockets submit, a person types
 * into the unmodified Codex UI, others follow and read, and what all of them need is taken away at random.
 *
 * Prints the seed, which brings the same choices back (their moments depend on the machine), and for each broken promise the history around
 * it; exits with 1 then.
 */
import { spawn } from 'node:child_process'
import { amongOwnMounts, noOwnMounts } from '../../support/system/own-mounts.ts'
import { readOptions, refuse } from '../read-options.ts'
import { faultNames } from './faults.ts'
import { soak } from './soak.ts'

const usage = `npm run soak -- [--seconds N] [--seed N] [--only WORD,WORD] [--keep]

  --seconds   how long; 300 by default
  --seed      of the choices; printed by each run
  --only      faults whose names have one of these words, such as daemon,clock
  --keep      leaves the home and its ledger behind
`
const values = readOptions(
  usage,
  { seconds: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, keep: { type: 'boolean' } },
  ['seconds', 'seed'],
)
const only = values.only?.split(',') ?? []
for (const word of only)
  if (!faultNames.some((name) => name.includes(word)))
    refuse(usage, `no fault has "${word}" in its name: ${faultNames.join(', ')}`)
const reason = noOwnMounts()
const isInside = process.env.SOAK_OWN_MOUNTS === '1'

if (reason === null && !isInside) {
  const [file, args] = amongOwnMounts('', [process.execPath, ...process.argv.slice(1)])
  const inside = spawn(file, args, { env: { ...process.env, SOAK_OWN_MOUNTS: '1' }, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => inside.kill(signal))
  inside.once('exit', (code) => process.exit(code ?? 1))
} else {
  if (reason !== null) process.stdout.write(`no disk is filled: ${reason}\n`)
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  const seconds = Number(values.seconds ?? 300)
  const broken = await soak({
    seed,
    seconds,
    only,
    keep: values.keep === true,
    ownMounts: isInside,
  })
  process.exit(broken === 0 ? 0 : 1)
}
