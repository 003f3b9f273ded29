/** Builds dist/: one bundle for the command line, one for the daemon, and V8's compiled code for them. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { bundleEntry } from './bundle-entry.ts'
import {
  nativeImports,
  onDemand,
  separateDaemon,
  separateTui,
  sourceLocations,
  withoutDevtools,
} from './bundle-plugins.ts'

const root = path.join(import.meta.dirname, '..')
const dist = path.join(root, 'dist')

/** What must never be part of the command line's bundle: it is what makes commands slow to start. */
const notInTheCommandLine = /^src\/(daemon|ledger|tui)\/|node_modules\/(better-sqlite3|pino|ws|ink|react)\//

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22.14',
  // The source stays in memory for as long as the program runs: without comments and indents the daemon has 2 MiB less. Names and
  // lines are kept, so that a stack still says where.
  minifyWhitespace: true,
  lineLimit: 160,
  charset: 'ascii', // bin/load-bundle.js reads bundles as latin1
  write: false,
  metafile: true,
  logLevel: 'warning',
  outdir: dist,
  // Loaded by Node itself: a native addon, and two addons that `ws` only tries to have.
  external: ['better-sqlite3', 'bufferutil', 'utf-8-validate'],
  banner: {
    js: [
      'const bundleUrl = require("node:url").pathToFileURL(__filename).href;',
      // Given by bin/load-bundle.js; Node itself loads the bundle where we are another program's plugin.
      'const nativeImport = typeof importModule === "undefined" ? (address) => import(address) : importModule;',
    ].join('\n'),
  },
  define: {
    'import.meta.url': 'bundleUrl',
    // bin/run.js has checked Node's version already; without this oclif loads semver to do it again.
    'process.env.OCLIF_DISABLE_ENGINE_WARNING': '"1"',
  },
} as const satisfies BuildOptions

mkdirSync(dist, { recursive: true })
const daemon = separateDaemon(root)
const cli = await bundle('cli.cjs', {
  stdin: { contents: bundleEntry(root), resolveDir: root, sourcefile: 'entry.js' },
  plugins: [separateTui, sourceLocations(root), nativeImports, onDemand, daemon.plugin],
})
const slow = Object.keys(cli.metafile.inputs).filter((file) => notInTheCommandLine.test(file))
if (slow.length > 0) throw new Error(`These must not be in the command line's bundle:\n${slow.join('\n')}`)
if (daemon.entry) {
  const { write } = await bundle('daemon.cjs', { entryPoints: [daemon.entry], plugins: [sourceLocations(root)] })
  write()
}
await bundleTui()
// Last, since bin/run.js takes it for the sign that all is built.
cli.write()
compileAhead()

/** Makes one bundle; `write` writes it, in one step, with its own hash in the first line. */
async function bundle(
  name: string,
  options: BuildOptions,
): Promise<{ readonly metafile: Metafile; readonly write: () => void }> {
  const { outputFiles, metafile } = await build({ ...shared, ...options })
  const text = outputFiles?.[0]?.text
  if (!text || !metafile) throw new Error(`esbuild gave nothing for ${name}`)
  // esbuild leaves regular expressions as they are.
  const code = text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16)
  return { metafile, write: () => writeWhole(path.join(dist, name), `// ${hash}\n${code}`) }
}

/**
 * The UI: ESM, since Ink and what it is made of wait for WebAssembly at their top; in React's production mode, which starts in half
 * the time; what it loads later is in files of its own beside it.
 */
async function bundleTui(): Promise<void> {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: { tui: 'src/tui/run-tui.ts' },
    format: 'esm',
    splitting: true,
    chunkNames: 'tui-[hash]',
    outExtension: { '.js': '.mjs' },
    minifySyntax: true,
    jsx: 'automatic',
    plugins: [withoutDevtools, sourceLocations(root)],
    banner: {
      js: [
        'import { createRequire as makeRequire } from "node:module";',
        'const require = makeRequire(import.meta.url);',
        'const __dirname = import.meta.dirname;',
      ].join('\n'),
    },
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  })
  const made = outputFiles ?? []
  // Chunks before the file that names them.
  for (const { path: file, contents } of [...made].reverse()) writeWhole(file, contents)
  const current = new Set(made.map(({ path: file }) => path.basename(file)))
  for (const file of globSync('tui-*.mjs', { cwd: dist }))
    if (!current.has(file)) rmSync(path.join(dist, file), { force: true })
}

/** Replaces a file in one step, so that a program that starts meanwhile sees the old one or the new one, also beside another build. */
function writeWhole(file: string, contents: string | Uint8Array): void {
  const made = `${file}.${process.pid}.new`
  writeFileSync(made, contents)
  renameSync(made, file)
}

/** Runs the program once, in a cache folder of its own, and ships the compiled code that this leaves; the daemon is only loaded. */
function compileAhead(): void {
  for (const file of globSync('*.cache', { cwd: dist })) rmSync(path.join(dist, file), { force: true })
  const cache = mkdtempSync(path.join(tmpdir(), 'codex-share-build-'))
  const env = { ...process.env, CODEX_SHARE_CACHE_DIR: cache, CODEX_SHARE_RUNTIME_DIR: path.join(cache, 'run') }
  const run = (...args: string[]) => spawnSync(process.execPath, args, { env, cwd: root, stdio: 'ignore' })
  run('bin/run.js', 'share', 'get', '--thread', 'none', '--server', `unix://${cache}/none`)
  run('--eval', `require('./bin/load-bundle.js')(require('path').resolve('dist/daemon.cjs'))`)
  for (const name of ['cli.cjs', 'daemon.cjs'].filter((bundle) => existsSync(path.join(dist, bundle)))) {
    const [compiled] = globSync(`code/${name}-*.cache`, { cwd: cache })
    if (compiled) writeWhole(path.join(dist, `${name}.cache`), readFileSync(path.join(cache, compiled)))
  }
  rmSync(cache, { recursive: true })
}
