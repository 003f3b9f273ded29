/** The items of a turn that grow by deltas (answers, plans, reasoning) and are not complete yet, with all that came of them. */

import { addHole, appendPiece, beginningMissed, type GrowingText } from './growing-text.ts'

const growingTypes = ['agentMessage', 'plan', 'reasoning'] as const
export type GrowingType = (typeof growingTypes)[number]

export function isGrowingType(type: string): type is GrowingType {
  return growingTypes.some((growing) => growing === type)
}

interface GrowingItem extends GrowingText {
  readonly id: string
  readonly type: GrowingType
}

export class GrowingItems {
  private readonly items = new Map<string, GrowingItem>()

  start(id: string, type: GrowingType, beginning: string): void {
    this.items.set(id, { id, type, beginning, behind: [] })
  }

  append(id: string, type: GrowingType, piece: string): GrowingItem {
    const item = appendPiece(this.items.get(id) ?? { ...beginningMissed, id, type }, piece)
    this.items.set(id, item)
    return item
  }

  /** Returns the item, if it is one that is known here. */
  addHole(id: string): GrowingItem | undefined {
    const item = this.items.get(id)
    if (item) this.items.set(id, addHole(item))
    return item
  }

  /** All that are open, the oldest first. */
  list(): readonly GrowingItem[] {
    return [...this.items.values()]
  }

  remove(id: string): void {
    this.items.delete(id)
  }

  clear(): void {
    this.items.clear()
  }
}
