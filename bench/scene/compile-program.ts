/** Bundles a small program as ours is bundled, so that neither loses time on compiling TypeScript. */
import { join } from 'node:path'
import { build } from 'esbuild'
import { root, type Scene } from './scene.ts'

/** Takes the name of a file in `bench/programs`; returns the path of the bundle, in the scene's home. */
export async function compileProgram(name: string, { dir }: Scene): Promise<string> {
  const outfile = join(dir, `${name}.cjs`)
  const entry = join(root, 'bench/programs', `${name}.ts`)
  const options = { bundle: true, platform: 'node', format: 'cjs', target: 'node22', logLevel: 'warning' } as const
  await build({ entryPoints: [entry], outfile, ...options })
  return outfile
}
