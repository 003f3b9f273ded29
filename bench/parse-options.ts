/** The command line of the benchmark. */
import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly quick: boolean
  readonly json: boolean
  /** Numbers of the rows to run. */
  readonly only: ReadonlySet<number>
  readonly rounds: number
}

export const usage = `npm run bench -- [--quick] [--json] [--only 1,5] [--rounds N]

  --quick     smaller rounds, under a minute in all
  --json      the findings as JSON on stdout
  --only      rows of the table, such as 3,5
  --rounds    interleaved rounds that medians are taken of; 5 unless told
`

/** @throws Error for anything that is not in `usage` */
export function parseOptions(argv: readonly string[], rows: readonly number[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string', default: '5' },
    },
  })
  const only = new Set(values.only === undefined ? rows : values.only.split(',').map(Number))
  const unknown = [...only].filter((row) => !rows.includes(row))
  if (unknown.length > 0) throw new Error(`there is no row ${unknown.join(', ')}`)
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1')
  return { quick: values.quick, json: values.json, only, rounds }
}
