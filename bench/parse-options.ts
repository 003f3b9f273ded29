/** The command line of the benchmark. */
import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly quick: boolean
  readonly json: boolean
  /** Numbers of the rows to run. */
  readonly only: ReadonlySet<number>
  readonly rounds: number
  /** Of the large ledgers; undefined for as many as are made in bounded time. */
  readonly events: number | undefined
}

export const usage = `npm run bench -- [--quick] [--json] [--only 1,5] [--rounds N] [--events N]

  --quick     smaller rounds, under a minute in all
  --json      the findings as JSON on stdout
  --only      rows of the table, such as 3,5
  --rounds    interleaved rounds that medians are taken of; 5 by default
  --events    in the large ledgers of rows 9, 10 and 14; 1000000 by default, and more takes long
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
      events: { type: 'string' },
    },
  })
  const only = new Set(values.only === undefined ? rows : values.only.split(',').map(Number))
  const unknown = [...only].filter((row) => !rows.includes(row))
  if (unknown.length > 0) throw new Error(`there is no row ${unknown.join(', ')}`)
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1')
  const events = values.events === undefined ? undefined : Number(values.events)
  if (events !== undefined && !(events >= 10_000)) throw new Error('--events takes a number from 10000')
  return { quick: values.quick, json: values.json, only, rounds, events }
}
