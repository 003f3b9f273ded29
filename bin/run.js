#!/usr/bin/env node
'use strict'
/*
 * The first thing that runs: checks Node, and hands the arguments to the built program.
 * This folder must be understood by any Node since 10 (no newer syntax, no `node:` names), so that an old one gets a clear line
 * instead of a syntax error; `bin/package.json` makes it CommonJS for the same reason.
 */
const fs = require('fs')
const os = require('os')
const path = require('path')
const ownNode = require('./own-node.js')

const root = path.join(__dirname, '..')

main()

function main() {
  if (!ownNode.isNewEnough([22, 14])) return ownNode.handOver('22.14')
  if (!hasHome()) {
    const user = 'The user with the id ' + process.getuid() + ' has no home folder in the list of this system.'
    return ownNode.fail(user + ' Set HOME to a folder of your own.', 5)
  }
  if (!fs.existsSync(path.join(root, 'dist', 'cli.cjs')) && !build()) {
    return ownNode.fail('This checkout is not built. Run `npm ci` and `npm run build` in ' + path.resolve(root) + '.')
  }
  require('./load-bundle.js')(path.join(root, 'dist', 'cli.cjs')).start(root, process.argv.slice(2))
}

/** Without HOME the system is asked, which knows nothing of a user id that a container was started for. */
function hasHome() {
  try {
    return Boolean(os.homedir())
  } catch (_error) {
    return false
  }
}

/** Builds a checkout whose dependencies are there; false where that is not possible. */
function build() {
  const script = path.join(root, 'scripts', 'build.ts')
  if (!fs.existsSync(script) || !fs.existsSync(path.join(root, 'node_modules', 'esbuild'))) return false
  process.stderr.write('Building codex-share, once …\n')
  const result = require('child_process').spawnSync(process.execPath, [script], { stdio: ['ignore', 2, 2] })
  return result.status === 0
}
