/** A home for the user inside namespaces, with the real Codex in it talking to the scripted model. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeScriptedHome } from '../../../src/demo/scripted-home.ts'
import { type ScriptedModel, startScriptedModel } from '../../../src/demo/scripted-model.ts'
import { scriptByWords } from '../sites/daemon-process.ts'

export interface UserHome {
  readonly model: ScriptedModel
  /** Where it is, seen from here. */
  readonly home: string
  /** An empty folder beside it. */
  readonly beside: string
  remove(): Promise<void>
}

export async function makeUserHome(): Promise<UserHome> {
  const dir = mkdtempSync(join(tmpdir(), 'codex-share-user-'))
  const [home, beside] = [join(dir, 'home'), join(dir, 'beside')]
  const model = await startScriptedModel({ script: scriptByWords })
  makeScriptedHome({ dir: join(home, '.codex'), baseUrl: model.baseUrl })
  mkdirSync(join(home, 'work'))
  mkdirSync(beside)
  return {
    model,
    home,
    beside,
    async remove() {
      await model.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
