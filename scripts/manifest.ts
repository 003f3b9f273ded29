/** Writes oclif.manifest.json from the commands: what oclif knows of them without loading them. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { sourcePlugin } from './source-plugin.ts'

/** The text that oclif.manifest.json should have. */
export async function manifestText(): Promise<string> {
  const plugin = sourcePlugin()
  await plugin.load()
  return `${JSON.stringify(plugin.manifest, null, 2)}\n`
}

if (import.meta.main) {
  writeFileSync(path.join(import.meta.dirname, '..', 'oclif.manifest.json'), await manifestText())
}
