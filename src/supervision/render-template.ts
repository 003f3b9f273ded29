/** Fills in a template of service/: `{{name}}` becomes its value, and nothing may be missing or left over. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../../service')

/** The text of a template, by its path in the package's folder `service`. */
export function readTemplate(name: string): string {
  return readFileSync(join(folder, name), 'utf8')
}

/** Values are put in as they are: escaping them for the place they go to is the caller's. An empty one takes its line away. */
export function renderTemplate(template: string, values: Readonly<Record<string, string>>): string {
  const unused = new Set(Object.keys(values))
  const text = template.replaceAll(/^([^\S\n]*)\{\{(\w+)\}\}\n|\{\{(\w+)\}\}/gm, (_, indent = '', line, word) => {
    const name: string = line ?? word
    const value = values[name]
    if (value === undefined) throw new Error(`the template has {{${name}}}, which is not given`)
    unused.delete(name)
    if (line === undefined) return value
    return value === '' ? '' : `${value.replaceAll(/^/gm, indent)}\n`
  })
  if (unused.size > 0) throw new Error(`the template has no {{${[...unused].join('}}, {{')}}}`)
  return text
}
