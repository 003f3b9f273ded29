/**
 * Makes this machine a Mac to codex-share's own program: it is told so, its tools are the scripted ones in MAC_TOOLS, and the kernel is
 * asked in macOS's words. Preloaded into every Node; all but the program is left alone.
 */
'use strict'
const childProcess = require('node:child_process')
const Module = require('node:module')
const { basename, join } = require('node:path')
const { promisify } = require('node:util')

if (basename(process.argv[1] || '') === 'run.js') becomeMac()

function becomeMac() {
  const { platform } = process
  const setPlatform = (value) => Object.defineProperty(process, 'platform', { value, configurable: true })
  setPlatform('darwin')
  const load = Module._load
  // What is compiled is compiled for this machine.
  Module._load = function (request, ...rest) {
    if (request !== 'koffi' && request !== 'better-sqlite3') return load.call(this, request, ...rest)
    setPlatform(platform)
    try {
      const loaded = load.call(this, request, ...rest)
      if (request === 'koffi') return { ...loaded, load: (name) => macLibrary(loaded.load(name)) }
      new loaded(':memory:').close()
      return loaded
    } finally {
      setPlatform('darwin')
    }
  }
  for (const name of ['execFile', 'execFileSync', 'spawn', 'spawnSync']) {
    const run = childProcess[name]
    childProcess[name] = (file, ...rest) => run(toolFor(file), ...rest)
    const promised = run[promisify.custom]
    if (promised) childProcess[name][promisify.custom] = (file, ...rest) => promised(toolFor(file), ...rest)
  }
  Module.syncBuiltinESMExports()
}

function toolFor(file) {
  return ['ps', 'lsof', 'stty', 'sysctl'].includes(file) ? join(process.env.MAC_TOOLS, file) : file
}

/** LOCAL_PEERCRED and LOCAL_PEERPID, answered from SO_PEERCRED; nothing is sandboxed. */
function macLibrary(library) {
  return {
    func(definition) {
      if (definition.includes('sandbox_check')) return () => 0
      const call = library.func(definition)
      if (!definition.includes('getsockopt')) return call
      return (fd, level, option, value) => {
        if (level !== 0) return -1
        const credentials = Buffer.alloc(12)
        if (call(fd, 1, 17, credentials, [12]) !== 0) return -1
        if (option === 1) credentials.copy(value, 4, 4, 8)
        else credentials.copy(value, 0, 0, 4)
        return 0
      }
    },
  }
}
