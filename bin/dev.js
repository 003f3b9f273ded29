#!/usr/bin/env node
/** Runs the program straight from the source, without a build: `node bin/dev.js share list`. */
'use strict'

async function dev() {
  const [{ main }, { sourcePlugin }] = await Promise.all([
    import('../src/cli/main.ts'),
    import('../scripts/source-plugin.ts'),
  ])
  await main(sourcePlugin(), process.argv.slice(2))
}

void dev()
