/** Walks the imports of a source tree and says which of them go against the direction the folders have. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** What may be imported by whom. */
export interface ImportRules {
  /** For each folder of src, the folders its files may import; a folder that is not named here may not exist. */
  readonly folders: Readonly<Record<string, readonly string[]>>
  /** Exceptions: one file that may import one folder more. */
  readonly files: Readonly<Record<string, readonly string[]>>
  /** Packages that only some folders may know. A trailing `*` stands for the rest of a name. */
  readonly packages: Readonly<Record<string, readonly string[]>>
  /** Folders that have no doings with the outside, with what they may import of Node all the same. */
  readonly pure: Readonly<Record<string, readonly string[]>>
}

interface Import {
  readonly line: number
  readonly specifier: string
  readonly isType: boolean
}

/** One line for each import that breaks a rule: `src/render/a.ts:3: imports ../client/b.ts, but …`. */
export function importViolations(root: string, rules: ImportRules): string[] {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).sort()
  return files.flatMap((file) =>
    importsOf(readFileSync(path.join(root, file), 'utf8')).flatMap((found) => {
      const problem = problemWith(file, found, rules)
      return problem ? [`${file}:${found.line}: imports ${found.specifier}, but ${problem}`] : []
    }),
  )
}

/** For each file of src the files of src that it imports, if only for their types. */
export function importsByFile(root: string): Record<string, string[]> {
  const files = globSync('src/**/*.{ts,tsx}', { cwd: root }).sort()
  const targets = (file: string) =>
    importsOf(readFileSync(path.join(root, file), 'utf8'))
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => path.join(path.dirname(file), specifier))
  return Object.fromEntries(files.map((file) => [file, targets(file)]))
}

/** For each room, a folder below one of src's, the rooms beside it that it imports. What lies between rooms belongs to their folder. */
export function importsByRoom(imports: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  const rooms: Record<string, string[]> = {}
  for (const [file, targets] of Object.entries(imports))
    for (const target of targets) {
      const [from, to] = [path.dirname(file).split(path.sep), path.dirname(target).split(path.sep)]
      const shared = from.findIndex((name, index) => name !== to[index])
      if (shared < 2 || to[shared] === undefined) continue
      const room = from.slice(0, shared + 1).join(path.sep)
      rooms[room] = [...new Set([...(rooms[room] ?? []), to.slice(0, shared + 1).join(path.sep)])]
    }
  return rooms
}

/** Names that more than one file exports, with the files. */
export function namesTwice(root: string): string[] {
  const files: Record<string, string[]> = {}
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: root }).sort()) {
    const code = readFileSync(path.join(root, file), 'utf8')
    const exported = /^export (?:abstract |async )?(?:function\*?|const|class|type|interface) (\w+)/gm
    for (const name of new Set([...code.matchAll(exported)].map(([, name = '']) => name)))
      files[name] = [...(files[name] ?? []), file]
  }
  return Object.entries(files).flatMap(([name, where]) => (where.length > 1 ? [`${name}: ${where.join(', ')}`] : []))
}

/** Folders or files that import each other, round a circle: each circle once, as `a → b → a`. */
export function importCycles(imports: Readonly<Record<string, readonly string[]>>): string[] {
  const cycles: string[] = []
  const done = new Set<string>()
  const visit = (one: string, trail: readonly string[]): void => {
    if (trail.includes(one)) cycles.push([...trail.slice(trail.indexOf(one)), one].join(' → '))
    if (trail.includes(one) || done.has(one)) return
    for (const next of imports[one] ?? []) visit(next, [...trail, one])
    done.add(one)
  }
  for (const one of Object.keys(imports)) visit(one, [])
  return cycles
}

/** Static, dynamic, type and re-exporting imports; what stands in a comment does not count. */
export function importsOf(source: string): Import[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ' '))
  const pattern = /\b(?:(?:import|export)(\s+type)?\b[^'"`;]*?\bfrom|import|(?:import|require)\s*\()\s*(['"])(.+?)\2/g
  return [...code.matchAll(pattern)].map((match) => ({
    line: code.slice(0, match.index + match[0].length).split('\n').length,
    specifier: match[3] ?? '',
    isType: match[1] !== undefined,
  }))
}

function problemWith(file: string, { specifier, isType }: Import, rules: ImportRules): string | undefined {
  const folder = folderOf(file)
  const allowed = rules.folders[folder]
  if (!allowed) return `the folder ${folder} has no row in the table`
  if (!specifier.startsWith('.')) return problemWithPackage(folder, specifier, rules)
  const target = path.join(path.dirname(file), specifier)
  if (target === 'package.json') return undefined
  if (target.startsWith(`generated${path.sep}`))
    return isType ? undefined : 'generated types are imported as types only'
  if (!target.startsWith(`src${path.sep}`)) return 'it is outside of src'
  const there = folderOf(target)
  const may = [folder, ...allowed, ...(rules.files[file] ?? [])]
  return may.includes(there) ? undefined : `${folder} may only import ${allowed.join(', ') || 'itself'}`
}

function problemWithPackage(folder: string, specifier: string, rules: ImportRules): string | undefined {
  if (specifier.startsWith('node:')) {
    return rules.pure[folder]?.includes(specifier) === false ? `${folder} is pure` : undefined
  }
  const owners = Object.entries(rules.packages).find(([name]) =>
    name.endsWith('*')
      ? specifier.startsWith(name.slice(0, -1))
      : specifier === name || specifier.startsWith(`${name}/`),
  )?.[1]
  if (!owners || owners.includes(folder)) return undefined
  return `only ${owners.join(', ')} may know that package`
}

/** The folder under src; `''` for a file that lies in src itself. */
function folderOf(file: string): string {
  const [, folder = '', rest] = file.split(path.sep)
  return rest === undefined ? '' : folder
}
