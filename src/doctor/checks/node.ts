/** Checks that this Node is new enough, and will be maintained. */
import type { Check } from '../check.ts'
import { type Finding, ok } from '../finding.ts'

/** The oldest that the SQLite library's binary runs on: on 22.13 it ends the process. */
const needed = [22, 14] as const

export const node: Check = { name: 'Node', run: ({ node: { version, path } }) => [judgeNode(version, path)] }

export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = numbersOf(version)
  return major < needed[0] || (major === needed[0] && minor < needed[1])
}

export function judgeNode(version: string, path: string): Finding {
  if (isTooOld(version))
    return {
      level: 'problem',
      what: `Node ${version} is too old (${path})`,
      why: `codex-share needs ${needed.join('.')} or newer.`,
      fix: 'Install a newer Node from https://nodejs.org or with a version manager.',
    }
  if ((numbersOf(version)[0] ?? 0) % 2 === 1)
    return {
      level: 'note',
      what: `Node ${version} is of an odd line (${path})`,
      why: 'Odd lines get fixes for a few months only, and packages with native parts may not know them.',
      fix: 'Prefer an even version of Node.',
    }
  return ok(`Node ${version} (${path})`)
}

function numbersOf(version: string): number[] {
  return version.replace(/^v/, '').split('.').map(Number)
}
