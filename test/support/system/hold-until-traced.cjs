/** Preloaded into a program (`--require`): holds it before its first instruction until its thread is watched. */
'use strict'
const fs = require('node:fs')
const path = require('node:path')

const { HOLD_DIR: dir, HOLD_ROLE: role } = process.env
const isDaemon = process.argv[2] === 'daemon' && process.argv[3] === 'run'
// The first of the kind is held, and none that it starts.
if (dir && role === (isDaemon ? 'daemon' : 'command') && fs.existsSync(path.join(dir, 'wanted'))) hold()

function hold() {
  fs.rmSync(path.join(dir, 'wanted'))
  for (const name of ['HOLD_DIR', 'HOLD_ROLE', 'NODE_OPTIONS']) delete process.env[name]
  // Makes the threads of the pool, which are made when the first work comes.
  fs.stat('/', () => {})
  fs.writeFileSync(path.join(dir, 'pid.new'), String(process.pid))
  fs.renameSync(path.join(dir, 'pid.new'), path.join(dir, 'pid'))
  const cell = new Int32Array(new SharedArrayBuffer(4))
  while (fs.existsSync(path.join(dir, 'pid'))) Atomics.wait(cell, 0, 0, 5)
}
