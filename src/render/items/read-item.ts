/** Reads an app-server item into the few facts the readable outputs need. */

import { listOf, numberOf, objectOf, textOf } from '../../protocol/json/read-json.ts'
import { visibleLine } from '../../protocol/text/visible-text.ts'
import { scriptOf } from './shell-script.ts'

export interface Item {
  readonly id: string
  readonly type: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** The item of `item/started` and `item/completed`. */
export function readItem(params: Readonly<Record<string, unknown>>): Item {
  const fields = objectOf(params.item)
  return { id: textOf(fields.id), type: textOf(fields.type), fields }
}

/** The whole text of an item that grows by deltas; the parts of a reasoning summary are paragraphs. */
export function itemText({ type, fields }: Item): string {
  if (type === 'reasoning') return listOf(fields.summary).map(textOf).join('\n\n')
  return textOf(fields.text)
}

/** What a person sent: text as it is, everything else by kind and name. */
export function promptText({ fields }: Item): string {
  return listOf(fields.content)
    .map((part) => {
      const { type, text, path, name, url } = objectOf(part)
      if (type === 'text') return textOf(text)
      return `[${[textOf(type), textOf(name) || textOf(path) || textOf(url).slice(0, 80)].filter(Boolean).join(': ')}]`
    })
    .join('\n')
}

export interface CommandFacts {
  readonly command: string
  readonly output: string
  readonly exitCode: number | null
  readonly durationMs: number | null
  readonly status: string
}

export function commandFacts({ fields }: Item): CommandFacts {
  return {
    command: unwrappedCommand(fields),
    output: textOf(fields.aggregatedOutput),
    exitCode: numberOf(fields.exitCode),
    durationMs: numberOf(fields.durationMs),
    status: textOf(fields.status),
  }
}

/**
 * Codex wraps commands as `/bin/bash -lc '…'`. Its own parse of them (`commandActions`) leaves parts out, such as a `cd` before the rest.
 */
function unwrappedCommand(fields: Readonly<Record<string, unknown>>): string {
  const command = textOf(fields.command)
  return scriptOf(command) ?? command
}

export interface FileChangeFacts {
  /** As it is shown, like `movedTo`. */
  readonly path: string
  readonly kind: string
  readonly movedTo: string
  readonly diff: string
}

export function fileChanges({ fields }: Item): readonly FileChangeFacts[] {
  return listOf(fields.changes).map((change) => {
    const { path, kind, diff } = objectOf(change)
    const { type, move_path: movePath } = objectOf(kind)
    return {
      path: visibleLine(textOf(path)),
      kind: visibleLine(textOf(type)),
      movedTo: visibleLine(textOf(movePath)),
      diff: textOf(diff),
    }
  })
}
