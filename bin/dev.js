#!/usr/bin/env node
/** Runs the program straight from the source, without a build: `node bin/dev.js share list`. */
'use strict'
const ownNode = require('./own-node.js')

// Older ones take no types out of TypeScript by themselves.
if (ownNode.isNewEnough([22, 18])) void dev()
else ownNode.handOver('22.18')

async function dev() {
  await import('../scripts/tsx-loader.ts')
  const { main } = await import('../src/cli/main.ts')
  const { sourcePlugin } = await import('../scripts/source-plugin.ts')
  await main(sourcePlugin(), process.argv.slice(2))
}
