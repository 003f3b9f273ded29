/** What esbuild has to be told about our source: where its files were, what Node imports, and that the daemon is a bundle of its own. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'esbuild'

/** In our own files `import.meta` goes on meaning the source file, so that paths from there to the package's files stay right. */
export function sourceLocations(root: string): Plugin {
  return {
    name: 'source-locations',
    setup({ onLoad }) {
      onLoad({ filter: /\/src\/.*\.tsx?$/ }, ({ path: file }) => {
        const text = readFileSync(file, 'utf8')
        if (!text.includes('import.meta.')) return undefined
        const there = `require("node:path").join(__dirname, "..", ${JSON.stringify(path.relative(root, file))})`
        const contents = text
          .replaceAll('import.meta.url', `require("node:url").pathToFileURL(${there}).href`)
          .replaceAll('import.meta.dirname', `require("node:path").dirname(${there})`)
          .replaceAll('import.meta.filename', there)
        return { contents, loader: file.endsWith('x') ? 'tsx' : 'ts' }
      })
    },
  }
}

/** oclif imports modules whose names it makes up at run time; in the bundle it does so through `nativeImport`, see build.ts. */
export const nativeImports: Plugin = {
  name: 'native-imports',
  setup({ onLoad }) {
    onLoad({ filter: /@oclif\/core\/lib\/(module-loader|config\/ts-path)\.js$/ }, ({ path: file }) => {
      return { contents: readFileSync(file, 'utf8').replace(/\bawait import\(/g, 'await nativeImport('), loader: 'js' }
    })
  },
}

/**
 * What two packages load at their start and hardly ever use, such as TLS for a Unix socket, is loaded when it is first used.
 * That is a quarter of what a short command takes beyond Node's own start.
 */
export const onDemand: Plugin = {
  name: 'on-demand',
  setup({ onResolve, onLoad }) {
    const filter = /^(node:(tls|dgram|util|perf_hooks|child_process)|tinyglobby|minimatch)$/
    onResolve({ filter, namespace: 'file' }, ({ path: specifier, importer, resolveDir }) => {
      const isEager = /node_modules\/(node-ipc|@oclif\/core)\//.test(importer)
      return isEager ? { path: specifier, namespace: 'on-demand', pluginData: resolveDir } : undefined
    })
    onLoad({ filter, namespace: 'on-demand' }, ({ path: specifier, pluginData }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require(${JSON.stringify(specifier)})[name] })`,
      resolveDir: String(pluginData),
    }))
  },
}

/**
 * Turns the dynamic import of a file in src/daemon into the loading of `./daemon.cjs`, and says which file that was.
 * There can be only one: it is the daemon bundle's entry.
 */
export function separateDaemon(root: string): { readonly plugin: Plugin; readonly entry: string | undefined } {
  const found = new Set<string>()
  const plugin: Plugin = {
    name: 'separate-daemon',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\/daemon\// }, ({ kind, resolveDir, path: specifier }) => {
        const file = path.resolve(resolveDir, specifier)
        if (kind !== 'dynamic-import' || !file.startsWith(path.join(root, 'src/daemon/'))) return undefined
        found.add(file)
        if (found.size > 1) throw new Error(`The daemon has two entries: ${[...found].join(', ')}`)
        return { path: './daemon.cjs', namespace: 'separate' }
      })
      onResolve({ filter: /.*/, namespace: 'separate' }, ({ path: specifier }) => ({ path: specifier, external: true }))
      onLoad({ filter: /.*/, namespace: 'separate' }, ({ path: specifier }) => ({
        contents: `module.exports = require(${JSON.stringify(specifier)})`,
      }))
    },
  }
  return {
    plugin,
    get entry() {
      return [...found][0]
    },
  }
}

/** The terminal UI is a third bundle, ESM as Ink is: the one file that loads it is replaced by one that loads the bundle. */
export const separateTui: Plugin = {
  name: 'separate-tui',
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/commands\/load-tui\.ts$/ }, () => ({
      contents: `export const loadTui = () => nativeImport(require("node:url").pathToFileURL(require("node:path").join(__dirname, "tui.mjs")).href)`,
      loader: 'js',
    }))
  },
}

/** Ink's link to React's developer tools, which it loads only when asked to and which need a package that nobody has installed. */
export const withoutDevtools: Plugin = {
  name: 'without-devtools',
  setup({ onLoad }) {
    onLoad({ filter: /\/ink\/build\/devtools\.js$/ }, () => ({ contents: '', loader: 'js' }))
  },
}
