/** The two ways in which a figure is held against its floor: how many times as much, and how much more. */
import type { Figure, Finding } from '../row.ts'

interface Comparison {
  readonly row: number
  readonly what: string
  readonly floor: Figure
  readonly ours: Figure
  readonly note?: string
}

/** Ours divided by the floor; `atMost` and `atLeast` are the reach. */
export function ratioFinding(
  comparison: Comparison,
  { atMost = Number.POSITIVE_INFINITY, atLeast = 0 }: { readonly atMost?: number; readonly atLeast?: number },
): Finding {
  const ratio = comparison.ours.value / comparison.floor.value
  const reach = atLeast > 0 ? `≥ ${atLeast} ×` : `≤ ${atMost} ×`
  return { ...comparison, result: `${ratio.toFixed(2)} ×`, reach, met: ratio <= atMost && ratio >= atLeast }
}

/** What is added to the floor, in the unit of the figures. */
export function addedFinding(comparison: Comparison, { atMost }: { readonly atMost: number }): Finding {
  const { value, unit } = comparison.ours
  const added = value - comparison.floor.value
  const result = `${added < 0 ? '−' : '+'}${Math.abs(added).toFixed(2)} ${unit}`
  return { ...comparison, result, reach: `+${atMost} ${unit}`, met: added <= atMost }
}

/** A figure that is held against a fixed one. */
export function plainFinding(
  { row, what, ours, note }: Omit<Comparison, 'floor'>,
  { atMost = Number.POSITIVE_INFINITY, atLeast = 0 }: { readonly atMost?: number; readonly atLeast?: number },
): Finding {
  const reach = `${atLeast > 0 ? `≥ ${atLeast.toLocaleString('en')}` : `≤ ${atMost}`} ${ours.unit}`
  const met = ours.value <= atMost && ours.value >= atLeast
  return { row, what, floor: null, ours, result: '', reach, met, ...(note ? { note } : {}) }
}
