/** The command line of what people run by hand here: `--help` shows it, and a mistake in it is named above it, with exit code 2. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O }>>['values']

export function refuse(usage: string, message: string): never {
  process.stderr.write(`${message}\n\n${usage}`)
  process.exit(2)
}

/** @param numbers options that take a whole number from 0 */
export function readOptions<const O extends Options>(
  usage: string,
  options: O,
  numbers: readonly (keyof O & string)[],
): Values<O> {
  let values: Record<string, unknown>
  try {
    values = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } }).values
  } catch (error) {
    return refuse(usage, error instanceof Error ? error.message : String(error))
  }
  if (values.help) {
    process.stdout.write(usage)
    process.exit(0)
  }
  const wrong = numbers.find((name) => values[name] !== undefined && !/^\d+$/.test(String(values[name])))
  if (wrong !== undefined) refuse(usage, `--${wrong} takes a whole number, not "${values[wrong]}"`)
  return values as Values<O>
}
