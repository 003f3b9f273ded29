/** The beginnings that tell ids apart, all of one length. Ids begin with the time: those of one minute begin alike. */
const shortestId = 8

export function shortestIds(ids: readonly string[]): string[] {
  for (let length = shortestId; ; length += 1) {
    const short = ids.map((id) => id.slice(0, length))
    const isUnique = new Set(short).size === ids.length && !short.some((id) => id.endsWith('-'))
    if (isUnique || ids.every((id) => id.length <= length)) return short
  }
}
