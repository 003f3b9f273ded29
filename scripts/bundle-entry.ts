/** The text of the module that the command line's bundle starts from. */
import { commandFiles } from './command-files.ts'

/**
 * It exports `start(root, argv)` for bin/run.js, and `commands` for an oclif program that has us as a plugin. A command's
 * module is evaluated when it is asked for: `require` is esbuild's here, and waits until then.
 */
export function bundleEntry(root: string): string {
  const getters = commandFiles(root).map(({ id, file }) => `  get '${id}'() { return require('./${file}').default },`)
  return [
    `import { BundledPlugin } from './src/cli/bundled-plugin.ts'`,
    `import { main } from './src/cli/main.ts'`,
    `import pjson from './package.json'`,
    `import manifest from './oclif.manifest.json'`,
    `export const commands = {`,
    ...getters,
    `}`,
    `export const start = (root, argv) => main(new BundledPlugin({ root, pjson, manifest, commands }), argv)`,
  ].join('\n')
}
