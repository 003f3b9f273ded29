/** What was found at the steps, by scene, call and effect. */
import type { StepOutcome } from './run-step.ts'
import type { Step } from './step.ts'

interface Row {
  met: number
  longestMs: number
  broken: number
}

export class Report {
  private readonly rows = new Map<string, Row>()
  readonly broken: string[] = []

  add(scene: string, step: Step, { struck, healedMs, broken }: StepOutcome): void {
    if (struck !== null) {
      const key = [scene, step.call, step.effect].join('\t')
      const row = this.rows.get(key) ?? { met: 0, longestMs: 0, broken: 0 }
      this.rows.set(key, row)
      row.met += 1
      row.longestMs = Math.max(row.longestMs, healedMs)
      row.broken += broken.length
    }
    this.broken.push(...broken.map((what) => `${scene}: ${what}`))
  }

  get met(): number {
    return [...this.rows.values()].reduce((sum, { met }) => sum + met, 0)
  }

  toString(): string {
    const rows = [...this.rows].map(([key, row]) => [...key.split('\t'), row.met, `${row.longestMs} ms`, row.broken])
    const table = [['scene', 'call', 'effect', 'steps', 'longest healing', 'violations'], ...rows]
    const widths = table[0]?.map((_, column) => Math.max(...table.map((cells) => String(cells[column]).length))) ?? []
    const lines = table.map((cells) => cells.map((cell, column) => String(cell).padEnd(widths[column] ?? 0)).join('  '))
    return `${lines.map((line) => line.trimEnd()).join('\n')}\n${this.met} steps met, ${this.broken.length} violations\n`
  }
}
