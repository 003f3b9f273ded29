/** Loads a bundle with V8's compiled code for it, which takes more than half of the time off a short command. */
'use strict'
const fs = require('node:fs')
const { createRequire } = require('node:module')
const os = require('node:os')
const path = require('node:path')
const vm = require('node:vm')

module.exports = loadBundle

/** The bundle's exports. Code compiled at build time is used where this Node takes it, else what an earlier run of this Node left. */
function loadBundle(file) {
  // The build makes sure that bundles are ASCII; read as latin1 they need no decoding.
  const source = fs.readFileSync(file, 'latin1')
  const personal = personalCacheFile(file, source)
  const script =
    compile(file, source, `${file}.cache`, () => true) ??
    compile(file, source, personal, isPrivate) ??
    compile(file, source)
  if (script.cachedDataRejected !== false) process.once('exit', () => keep(script, personal))
  const module = { exports: {} }
  // A script made by hand has no `import()` of its own, so the bundle is given this one; it asks for absolute addresses only.
  const importModule = (address) => import(address)
  script.runInThisContext()(module.exports, requireFrom(file), module, file, path.dirname(file), importModule)
  return module.exports
}

/** The compiled script; undefined when `cacheFile` is given and cannot be used. A cache that V8 does not take costs nothing but time. */
function compile(file, source, cacheFile, isTrusted) {
  const cachedData = cacheFile && read(cacheFile, isTrusted)
  if (cacheFile && !cachedData) return undefined
  const script = new vm.Script(
    `(function (exports, require, module, __filename, __dirname, importModule) {${source}\n})`,
    {
      filename: file,
      cachedData,
    },
  )
  return script.cachedDataRejected ? undefined : script
}

/** A bundle beside this one is loaded in the same way; everything else by Node. */
function requireFrom(file) {
  const require = createRequire(file)
  const isBundle = (id) => id.startsWith('./') && id.endsWith('.cjs')
  const load = (id) => (isBundle(id) ? loadBundle(path.join(path.dirname(file), id)) : require(id))
  return Object.assign(load, require)
}

/** Where this user's own compiled code for this bundle and this Node is; the first line of a bundle names its contents. */
function personalCacheFile(file, source) {
  const build = source.slice(0, source.indexOf('\n')).match(/[0-9a-f]{16}/)
  const name = `${path.basename(file)}-${build ? build[0] : source.length}-${process.version}-${process.arch}.cache`
  return path.join(cacheDir(), 'code', name)
}

function cacheDir() {
  const { env, platform } = process
  if (env.CODEX_SHARE_CACHE_DIR) return env.CODEX_SHARE_CACHE_DIR
  if (env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)) return path.join(env.XDG_CACHE_HOME, 'codex-share')
  return path.join(os.homedir(), platform === 'darwin' ? 'Library/Caches' : '.cache', 'codex-share')
}

/** Compiled code is run as it is, so only our own is taken: never another user's, as under sudo with a kept HOME. */
function isPrivate(stat) {
  return stat.uid === process.getuid() && (stat.mode & 0o022) === 0
}

function read(file, isTrusted) {
  let descriptor
  try {
    descriptor = fs.openSync(file, 'r')
    return isTrusted(fs.fstatSync(descriptor)) ? fs.readFileSync(descriptor) : undefined
  } catch {
    return undefined // Not there yet, or not readable: the program only starts more slowly.
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor)
  }
}

/** By hand: `recursive` never returns where nothing can be made, such as in /proc. */
function make(folder) {
  if (fs.existsSync(folder)) return
  make(path.dirname(folder))
  fs.mkdirSync(folder, { mode: 0o700 })
}

/** As root nothing is left in another user's home, as under `sudo -E`: it would be closed to that user. */
function isForeign(folder) {
  if (process.getuid() !== 0) return false
  const nearest = (at) => (fs.existsSync(at) ? at : nearest(path.dirname(at)))
  return fs.statSync(nearest(folder)).uid !== 0
}

/** Leaves the compiled code for the next run, and removes what other builds left. */
function keep(script, file) {
  const folder = path.dirname(file)
  const [bundle, build] = path.basename(file).split('-')
  const temporary = `${file}.${process.pid}`
  try {
    if (isForeign(folder)) return
    make(folder)
    for (const name of fs.readdirSync(folder)) {
      if (name.startsWith(`${bundle}-`) && !name.startsWith(`${bundle}-${build}-`)) fs.rmSync(path.join(folder, name))
    }
    fs.writeFileSync(temporary, script.createCachedData(), { mode: 0o600, flag: 'wx' })
    fs.renameSync(temporary, file)
  } catch {
    // A read-only or full home: this is only about speed, and the command itself is done.
    remove(temporary)
  }
}

function remove(file) {
  try {
    fs.rmSync(file, { force: true })
  } catch {
    // It was never made, or its folder is not there.
  }
}
