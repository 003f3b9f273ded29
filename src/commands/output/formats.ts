/** The formats that events are written in: one row each, which every command that writes events takes from here. */
import { Flags } from '@oclif/core'
import type { EventRenderer } from '../../render/event-renderer.ts'
import { createJsonDocument, type PageFacts } from '../../render/json-document.ts'
import { createMarkdownRenderer } from '../../render/markdown/markdown-renderer.ts'
import { createTextRenderer, type TextRendererOptions } from '../../render/text/text-renderer.ts'
import { type EntryOutput, jsonEntries, renderedEntries, type Write } from './entry-output.ts'

const formatNames = ['text', 'json', 'markdown'] as const
export type Format = (typeof formatNames)[number]

interface FormatRow {
  /** Makes one text of events that are read back. */
  readonly page: (look: TextRendererOptions, page: PageFacts) => EventRenderer
  /** The text says by itself where the next page begins; otherwise that is said on stderr. */
  readonly namesNext: boolean
  /** Writes what a thread brings, as it comes. */
  readonly follow: (write: Write, look: TextRendererOptions) => EntryOutput
}

export const formats: Readonly<Record<Format, FormatRow>> = {
  text: readableFormat(createTextRenderer),
  json: { page: (_look, page) => createJsonDocument(page), namesNext: true, follow: jsonEntries },
  markdown: readableFormat(createMarkdownRenderer),
}

/** One for people: the same whether it is read back or followed. */
function readableFormat(make: (look: TextRendererOptions) => EventRenderer): FormatRow {
  return { page: make, namesNext: false, follow: (write, look) => renderedEntries(write, make(look)) }
}

export const formatFlag = Flags.option({
  options: formatNames,
  default: 'text',
  description: '`json` is the same as --json.',
})()

export const verboseFlag = Flags.boolean({
  char: 'v',
  description: 'Also a line for each event that the readable form does not know.',
})

/** What `--json` and `--format` say together. */
export function formatOf({ json, format = 'text' }: { readonly json: boolean; readonly format?: Format }): Format {
  return json ? 'json' : format
}
