/** A UI that writes down where it is. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { CommandResult } from '../../../support/sites/command-site.ts'
import { actors, type Scene } from '../scene.ts'
import type { World } from '../world.ts'
import { makeShared } from './start.ts'

const program = join(import.meta.dirname, '../write-state.ts')
let writes = 0

export const stateFile: Scene = {
  name: 'state file',
  actors: actors('command'),
  prepare: makeShared,
  act: (world, env) => write(world, env),
  judgeHealed: async (world) => {
    const before = draftsIn(world)
    const { code, stdout, stderr } = await write(world)
    const ms = Number(stdout)
    const drafts = draftsIn(world)
    const isRight = code === 0 && drafts?.[0] === `draft ${writes}` && before !== undefined
    return isRight && ms < 3000 ? [] : [`the next UI: ${code} in ${ms} ms, ${drafts} after ${before} ${stderr}`]
  },
}

async function write({ dir }: World, env: NodeJS.ProcessEnv = {}): Promise<CommandResult> {
  writes += 1
  const file = join(dir, 'state/codex-share/ui.json')
  const child = spawn(process.execPath, [program, file, `draft ${writes}`], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { code, stdout, stderr }
}

/** Undefined where it is no whole file. */
function draftsIn({ dir }: World): string[] | undefined {
  let whole = '{"uis":[]}'
  try {
    whole = readFileSync(join(dir, 'state/codex-share/ui.json'), 'utf8')
  } catch {
    // Not written yet.
  }
  try {
    return (JSON.parse(whole) as { uis: { draft: string }[] }).uis.map(({ draft }) => draft)
  } catch {
    return undefined
  }
}
