/** Finds the programs that units or agents name, to see whether they are still there. */
import { unescapeXml } from './launchd/property-list.ts'

/** @param texts of unit files or plists as this program writes them */
export function pathsInUnits(texts: readonly string[]): string[] {
  const paths = texts.flatMap((text) => [...execPaths(text), ...plistPaths(text)])
  return [...new Set(paths)].filter((path) => path !== shell)
}

/** It looks whether the programs are there, and is the system's own. */
const shell = '/bin/sh'

function execPaths(text: string): string[] {
  const lines = [...text.replaceAll('\\\n', ' ').matchAll(/^ExecStart=(.*)$/gm)].map(([, line = '']) => line)
  return lines.flatMap((line) => words(line).filter((word) => word.startsWith('/')))
}

/** Undoes what escape-systemd.ts did. */
function words(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) =>
    (quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '').replaceAll('$$', '$').replaceAll('%%', '%'),
  )
}

function plistPaths(text: string): string[] {
  const [, list = ''] = /<key>ProgramArguments<\/key>\s*<array>([\s\S]*?)<\/array>/.exec(text) ?? []
  return [...list.matchAll(/<string>(\/.*?)<\/string>/g)].map(([, path = '']) => unescapeXml(path))
}
