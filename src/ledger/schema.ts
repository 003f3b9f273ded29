/** The ledger's tables, as a list of migrations: entry N brings a file from version N to N+1. */
import type { Database } from 'better-sqlite3'

/**
 * `events.body` is the event's JSON without its braces, `id` and `threadId`, which stand in the key and the thread's row.
 * `events.delta_of` is the item that a delta belongs to, and null for everything that stays.
 * `threads.events` is how many of its events stay: those without `delta_of`.
 * `threads.next_id` is an id above all that the thread has given out, and but for a crash the one that its next event gets.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE threads (
    key INTEGER PRIMARY KEY,
    thread_id TEXT NOT NULL UNIQUE,
    name TEXT,
    cwd TEXT,
    preview TEXT,
    opened_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    closed_ms INTEGER,
    next_id INTEGER NOT NULL,
    pruned_to INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE events (
    thread INTEGER NOT NULL,
    id INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    delta_of TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (thread, id)
  ) WITHOUT ROWID;
  CREATE INDEX events_by_time ON events (thread, at_ms) WHERE delta_of IS NULL;
  CREATE INDEX deltas_by_item ON events (thread, delta_of) WHERE delta_of IS NOT NULL;
  CREATE TABLE turns (
    thread INTEGER NOT NULL,
    turn_id TEXT NOT NULL,
    first_id INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    status TEXT NOT NULL,
    by TEXT,
    PRIMARY KEY (thread, turn_id)
  ) WITHOUT ROWID;
  CREATE INDEX open_turns ON turns (thread) WHERE status = 'inProgress';
  CREATE TABLE requests (
    thread INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    content TEXT NOT NULL,
    by TEXT,
    at_ms INTEGER NOT NULL,
    turn_id TEXT,
    PRIMARY KEY (thread, request_id)
  ) WITHOUT ROWID;
  `,
  // A delta is written most often by far, and was found again by it only once: by the first id of its item it is, too.
  'DROP INDEX deltas_by_item',
  // What was submitted, kept until Codex has passed it on: it may die first.
  `ALTER TABLE requests ADD COLUMN input TEXT;
   CREATE INDEX unrecorded_prompts ON requests (thread) WHERE input IS NOT NULL`,
  // It was left behind while only deltas came, and brought up when the file was opened: two pages of every thread to read.
  `UPDATE threads SET next_id = 1 + (SELECT max(id) FROM events WHERE thread = key)
   WHERE next_id <= (SELECT max(id) FROM events WHERE thread = key)`,
  // Counting the rows means reading every page.
  `ALTER TABLE threads ADD COLUMN events INTEGER NOT NULL DEFAULT 0;
   UPDATE threads SET events = found.count FROM
     (SELECT thread, count(*) AS count FROM events INDEXED BY events_by_time WHERE delta_of IS NULL GROUP BY thread) AS found
   WHERE found.thread = key`,
  // What waits until its thread is free. By the thread's own id: Codex's queue of a thread is taken over before the thread is opened.
  `CREATE TABLE queued (
    thread_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    input TEXT NOT NULL,
    metadata TEXT NOT NULL,
    by TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (thread_id, id)
  ) WITHOUT ROWID`,
  // Put away in Codex, and not heard to be back.
  'ALTER TABLE threads ADD COLUMN archived INTEGER NOT NULL DEFAULT 0',
]

/** The version this program writes. */
export const schemaVersion = migrations.length

export function ledgerFormatOf(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }))
}

/** Brings the file to this program's version, in one transaction, so that a half-written migration is rolled back. */
export function migrate(db: Database): void {
  db.transaction(() => {
    for (const migration of migrations.slice(ledgerFormatOf(db))) db.exec(migration)
    db.pragma(`user_version = ${schemaVersion}`)
  })()
}
