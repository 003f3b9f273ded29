/** Interleaving: what is compared is measured in turns, so that whatever else the machine does falls on all of it alike. */

/**
 * Measures each of the named things once a round, in this order, after one round that does not count.
 *
 * @returns what was measured, by name, one value a round
 */
export async function interleaved<K extends string, T>(
  rounds: number,
  measures: Readonly<Record<K, () => Promise<T>>>,
  { warmUp = true } = {},
): Promise<Record<K, T[]>> {
  const names = Object.keys(measures) as K[]
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<K, T[]>
  for (let round = warmUp ? -1 : 0; round < rounds; round += 1) {
    for (const name of names) {
      const result = await measures[name]()
      if (round >= 0) results[name].push(result)
    }
  }
  return results
}
