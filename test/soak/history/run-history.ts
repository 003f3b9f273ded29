/**
 * Everything at once for a while, recorded, and held against what is promised: commands post, clients on both sockets submit, a person types
 * into the unmodified Codex UI, others follow and read, and what all of them need is taken away at random.
 *
 *   npm run soak [-- --seconds 300] [--seed N] [--only WORD,WORD] [--keep]
 *
 * Prints the seed, which brings the same choices back (their moments depend on the machine), and for each broken promise the history around
 * it; exits with 1 then. `--only` keeps the faults whose names have one of these words; `--keep` leaves the home.
 */
import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { amongOwnMounts, noOwnMounts } from '../../support/system/own-mounts.ts'
import { soak } from './soak.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    keep: { type: 'boolean' },
  },
})
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
    only: values.only?.split(',') ?? [],
    keep: values.keep === true,
    ownMounts: isInside,
  })
  process.exit(broken === 0 ? 0 : 1)
}
