/** The findings as people read them: a line each, with the floor beside. */
import { arch, cpus, release } from 'node:os'
import type { Figure, Finding } from './row.ts'

export interface Machine {
  readonly cores: number
  readonly processor: string
  readonly kernel: string
  readonly node: string
}

export function describeMachine(): Machine {
  const [first] = cpus()
  const kernel = `${process.platform} ${release()} ${arch()}`
  return { cores: cpus().length, processor: first?.model ?? 'unknown', kernel, node: process.version }
}

export function machineLine({ cores, processor, kernel, node }: Machine, rounds: number): string {
  return `${cores} cores, ${processor}, ${kernel}, Node ${node}, medians of ${rounds} interleaved rounds\n`
}

export function findingLine({ row, what, floor, ours, result, reach, met, note }: Finding): string {
  const mark = met === null ? '' : met ? 'met' : 'NOT MET'
  const beside = floor ? `${floor.label} ${figureText(floor)}` : ''
  const wanted = reach === '' ? '' : `reach ${reach}`
  const columns = [String(row).padStart(2), mark.padEnd(7), result.padStart(10), wanted.padEnd(30)]
  const figures = [`${ours.label} ${figureText(ours)}`, beside].filter((text) => text !== '').join(', ')
  return `${columns.join('  ')}  ${what}: ${figures}${note ? ` (${note})` : ''}\n`
}

function figureText({ value, unit }: Figure): string {
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 10 ? 1 : 3
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${unit}`
}
