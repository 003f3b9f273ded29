/**
 * A fault at every write of a post: fails it, or ends the daemon at it, for n = 1, 2, … until the post makes no more.
 *
 *   npm run faults [-- --effect ENOSPC|EIO|SIGKILL] [--call pwrite64] [--from N] [--sample N --seed S]
 *
 * Prints what became of each post, and exits with 1 when a promise was broken.
 */
import { parseArgs } from 'node:util'
import { seededRandom } from '../random.ts'
import { makeFaultBench } from './post-under-faults.ts'

const { values } = parseArgs({
  options: {
    effect: { type: 'string', multiple: true, default: ['ENOSPC', 'SIGKILL'] },
    call: { type: 'string', default: 'pwrite64' },
    from: { type: 'string', default: '1' },
    sample: { type: 'string' },
    seed: { type: 'string' },
  },
})
const { call } = values
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const random = seededRandom(seed)
/** About so many writes does a post make: beyond it a sample would meet none. */
const writesOfAPost = 60

function* places(): Generator<number> {
  const sample = Number(values.sample ?? 0)
  for (let n = 0; sample > 0 && n < sample; n += 1) yield 1 + Math.floor(random() * writesOfAPost)
  for (let n = Number(values.from); sample === 0; n += 1) yield n
}

const bench = await makeFaultBench()
try {
  for (const effect of values.effect) {
    if (effect !== 'ENOSPC' && effect !== 'EIO' && effect !== 'SIGKILL') throw new Error(`no effect ${effect}`)
    const found = new Map<string, number>()
    for (const at of places()) {
      const outcome = await bench.post({ effect, call, at })
      if (outcome === null && values.sample === undefined) break
      const word = outcome ?? 'not met'
      found.set(word, (found.get(word) ?? 0) + 1)
      process.stderr.write(`${effect} at ${call} ${at}: ${word}\n`)
    }
    const counts = [...found].map(([word, count]) => `${count} × ${word}`).join(', ')
    process.stdout.write(`${effect} at ${call}: ${counts}; all promises kept (seed ${seed})\n`)
  }
} finally {
  await bench.close()
}
