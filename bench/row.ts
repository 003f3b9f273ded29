/** What a row of the table is: a function that measures, and the findings it gives. */
import type { Scene, SceneOptions } from './scene/scene.ts'

export interface Finding {
  /** Number of the row in the table. */
  readonly row: number
  readonly what: string
  readonly floor: Figure | null
  readonly ours: Figure
  /** What is compared with the reach, such as `1.24 ×` or `+0.12 ms`. */
  readonly result: string
  readonly reach: string
  /** Null where there is nothing to reach. */
  readonly met: boolean | null
  readonly note?: string
}

export interface Figure {
  readonly label: string
  readonly value: number
  readonly unit: string
}

export interface BenchContext {
  /** Fewer and smaller rounds. */
  readonly quick: boolean
  /** Interleaved rounds that medians are taken of. */
  readonly rounds: number
  /** Of the large ledgers, where it was asked for. */
  readonly events: number | undefined
  /** A home with a daemon in it, made when it is first asked for and kept for the rows that follow. */
  shared(codex: SceneOptions['codex']): Promise<Scene>
  /** A home of this row's own; it goes when the row ends. */
  own(options: SceneOptions): Promise<Scene>
}

export type Row = (context: BenchContext) => Promise<readonly Finding[]>
