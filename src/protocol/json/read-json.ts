/** Reads JSON whose shape another program decides: a member that is missing, or of another kind, counts as absent. Pure. */

export type JsonObject = Readonly<Record<string, unknown>>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined for text that is no JSON object. */
export function parseJsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined // The caller says what was expected.
  }
}

/** The member of that name of anything that has members. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

export function objectIn(object: JsonObject | null | undefined, member: string): JsonObject | null {
  const value = object?.[member]
  return isObject(value) ? value : null
}

export function textIn(object: JsonObject | null | undefined, member: string): string | null {
  const value = object?.[member]
  return typeof value === 'string' ? value : null
}

export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}
