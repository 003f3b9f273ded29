/** Type-checks the whole program with the text of some files changed; on disk nothing changes. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { API } from 'typescript/unstable/sync'

const root = path.join(import.meta.dirname, '../..')

export interface CompileError {
  /** Relative to the repository. */
  readonly file: string
  readonly text: string
}

/** `changes` makes the new text of each file out of its old one. */
export function compileWith(changes: Readonly<Record<string, (text: string) => string>>): CompileError[] {
  const readFile = (file: string) => {
    const change = changes[path.relative(root, file)]
    return change?.(readFileSync(file, 'utf8'))
  }
  const compiler = new API({ cwd: root, fs: { readFile } })
  try {
    const { program } = onlyOne(
      compiler.updateSnapshot({ openProjects: [path.join(root, 'tsconfig.json')] }).getProjects(),
    )
    return [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()].map(({ fileName, text }) => ({
      file: path.relative(root, fileName ?? ''),
      text,
    }))
  } finally {
    compiler.close()
  }
}

function onlyOne<T>(list: readonly T[]): T {
  const [first, ...more] = list
  if (first === undefined || more.length > 0) throw new Error(`one project was expected, not ${list.length}`)
  return first
}
