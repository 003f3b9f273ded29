/** Finds the path to a program that outlives an upgrade of it, for what names the program for long. */
import { realpathSync } from 'node:fs'

/** fnm's own folder for one shell, which goes with that shell. */
const ofOneShell = /\/fnm_multishells?[/_]/

/** Where package managers keep one version of something, and where they link to the version that counts. */
const links: readonly (readonly [version: RegExp, link: string])[] = [
  // Homebrew, on a Mac and on Linux.
  [/^(.+)\/Cellar\/([^/]+)\/[^/]+(\/.+)$/, '$1/opt/$2$3'],
  [/^(.+)\/Caskroom\/([^/]+)\/.+$/, '$1/bin/$2'],
  [/^(.+\/mise\/installs\/[^/]+\/\d+)\.[^/]+(\/.+)$/, '$1$2'],
  [/^(\/snap\/[^/]+)\/\d+(\/.+)$/, '$1/current$2'],
  [/^(.+?)(?:\/node_modules)?\/\.pnpm\/[^/]+(\/node_modules\/.+)$/, '$1$2'],
]

/**
 * Node gives its own path and that of a script as real paths, and those of a package manager have a version in them that the next upgrade
 * removes. The link is taken where it leads to the same file, or where the path is gone already; without one the path stays as it is.
 */
export function stablePath(path: string): string {
  const real = realPath(path)
  const lasting = ofOneShell.test(path) ? (real ?? path) : path
  for (const [version, link] of links) {
    if (!version.test(lasting)) continue
    const linked = lasting.replace(version, link)
    const target = realPath(linked)
    if (target !== undefined && (real === undefined || target === real)) return linked
  }
  return lasting
}

/** The Node that this process runs on, or what an upgrade has put in its place. */
export function currentNode(): string {
  return stablePath(process.execPath)
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined // Not there.
  }
}
