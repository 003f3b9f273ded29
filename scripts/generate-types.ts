/** Makes generated/codex: the app-server's own types, by the Codex that is developed against; does nothing when they are there. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codexVersion } from '../src/codex/binary/codex-version.ts'
import { findCodex } from '../src/codex/binary/find-codex.ts'

const root = dirname(import.meta.dirname)
const target = join(root, 'generated', 'codex')

// Only the pinned development dependency: the types must not depend on which Codex a machine happens to have.
const codex = await findCodex({ env: {}, packageFrom: import.meta.url, cwd: root })
const version = await codexVersion(codex, { env: process.env })

if (generatedVersion() === version) console.error(`generated/codex is up to date (Codex ${version}).`)
else generate()

function generate(): void {
  const fresh = `${target}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  const args = [...codex.args, 'app-server', 'generate-ts', '--out', fresh, '--experimental']
  execFileSync(codex.path, args, { env: { ...process.env, ...codex.env }, stdio: 'inherit' })
  // The generated imports name no extension, which TypeScript resolves in CommonJS only. The version is what tells them apart.
  writeFileSync(join(fresh, 'package.json'), `${JSON.stringify({ type: 'commonjs', private: true, version })}\n`)
  rmSync(target, { recursive: true, force: true })
  renameSync(fresh, target)
  console.error(`Generated generated/codex from Codex ${version}.`)
}

function generatedVersion(): unknown {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'))
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined
  } catch {
    return undefined // Never generated, or only half: make it.
  }
}
