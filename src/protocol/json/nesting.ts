/** How deep JSON is nested: past some depth a parser gives up. */

/** The value itself is the first level. Stops at the limit, so that a hostile million levels cost no stack. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  return members.some((member) => isDeeperThan(levels - 1, member))
}
