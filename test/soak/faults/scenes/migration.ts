/** The start of a daemon on a ledger of an older program, which it takes over with all that is in it. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { eventBody } from '../../../../src/ledger/event-text.ts'
import { migrations } from '../../../../src/ledger/schema.ts'
import { completed, event, threadId } from '../../../support/samples/ledger-events.ts'
import { actors, type Scene } from '../scene.ts'

/** Before it nothing counted the events of a thread. */
const olderVersion = 4
const older = [event('turn/started'), completed('a'), completed('b'), event('turn/completed')]

export const migration: Scene = {
  name: 'migration',
  actors: actors('daemon'),
  prepare: async (world) => {
    await world.kill('daemons')
    const data = join(world.dir, 'data/codex-share')
    mkdirSync(data, { recursive: true })
    for (const end of ['', '-wal', '-journal', `.format-${olderVersion}`])
      rmSync(join(data, `ledger.db${end}`), { force: true })
    makeOlderLedger(join(data, 'ledger.db'))
    world.threadId = undefined
  },
  act: (world, env) => world.run(['list', '--json'], env),
  judgeHealed: async (world) => {
    const { code, stdout, stderr } = await world.run(['get', '--thread', threadId, '--json'])
    const methods =
      code === 0 ? (JSON.parse(stdout) as { events: { method: string }[] }).events.map((e) => e.method) : []
    const isWhole = JSON.stringify(methods) === JSON.stringify(older.map(({ method }) => method))
    return isWhole ? [] : [`of the older ledger there is ${code} ${methods} ${stderr}`]
  },
}

function makeOlderLedger(file: string): void {
  const db = new Database(file)
  for (const step of migrations.slice(0, olderVersion)) db.exec(step)
  db.pragma(`user_version = ${olderVersion}`)
  const thread = db.prepare('INSERT INTO threads (thread_id, opened_ms, updated_ms, next_id) VALUES (?, 1, 1, ?)')
  const { lastInsertRowid: key } = thread.run(threadId, older.length + 1)
  db.prepare("INSERT INTO turns VALUES (?, 't1', 1, 4, 'completed', NULL)").run(key)
  const add = db.prepare('INSERT INTO events VALUES (?, ?, 1, NULL, ?)')
  for (const [index, body] of older.entries()) add.run(key, index + 1, eventBody(body))
  db.close()
}
