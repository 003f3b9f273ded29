/** What a case draws by chance, all of it from one seed. */
import { seededRandom } from './random.ts'

export interface Chance {
  /** A whole number from 0 up to, and without, `below`. */
  below(limit: number): number
  pick<T>(choices: readonly T[]): T
  /** True in so many of a hundred. */
  percent(percent: number): boolean
  /** As many as given, each made anew. */
  times<T>(count: number, make: () => T): T[]
  /** Bytes of any value. */
  bytes(count: number): Buffer
}

export function chanceOf(seed: number): Chance {
  const random = seededRandom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const times = <T>(count: number, make: () => T) => Array.from({ length: count }, () => make())
  return {
    below,
    pick: (choices) => {
      const picked = choices[below(choices.length)]
      if (picked === undefined) throw new Error('there is nothing to pick from')
      return picked
    },
    percent: (percent) => random() * 100 < percent,
    times,
    bytes: (count) => Buffer.from(times(count, () => below(256))),
  }
}
