/** Our commands as an oclif plugin that comes from the source: for bin/dev.js, and to write the manifest. */
import path from 'node:path'
import { Plugin, settings } from '@oclif/core'
import pjson from '../package.json' with { type: 'json' }

/** Not loaded yet. It asks each command's class for what the manifest says otherwise. */
export function sourcePlugin(): Plugin {
  // Node runs our TypeScript as it is; oclif would look for ts-node.
  settings.enableAutoTranspile = false
  const commands = { strategy: 'explicit', target: './scripts/source-commands.ts', identifier: 'commands' } as const
  return new Plugin({
    root: path.join(import.meta.dirname, '..'),
    // A JSON import types the separator as any string, so it is given here once more.
    pjson: { ...pjson, oclif: { ...pjson.oclif, topicSeparator: ' ', commands } },
    isRoot: true,
    ignoreManifest: true,
    errorOnManifestCreate: true,
    respectNoCacheDefault: true,
  })
}
