/**
 * Lists what is asked, beyond a command and a diff, in lines for people: permissions, calls of tools, forms. Nothing that is not known is
 * left out. Pure.
 */
import type { Approval } from '../../protocol/approvals.ts'
import { type JsonObject, listOf, objectOf, textOf } from '../../protocol/json/read-json.ts'
import { visibleLine, visibleLines } from '../../protocol/text/visible-text.ts'
import { type FormField, schemaFields } from './form-fields.ts'

export interface ApprovalDetails {
  readonly lines: readonly string[]
  /** Members of `params` that are in the lines. */
  readonly shownMembers: readonly string[]
}

export function permissionDetails({ permissions }: Approval['params']): ApprovalDetails {
  return { lines: permissionLines(objectOf(permissions)), shownMembers: ['permissions'] }
}

export function elicitationDetails(params: Approval['params']): ApprovalDetails {
  const meta = objectOf(params._meta)
  const isCall = asksForToolCall(params)
  const [message, url] = [textOf(params.message), textOf(params.url)]
  const known = ['mode', 'serverName', 'message', 'url']
  const isForm = schemaFields(params) !== null
  return {
    lines: [
      ...namedLines(`${visibleLine(textOf(params.serverName))}: `, message),
      ...(url === '' ? [] : [visibleLine(url)]),
      ...(isCall ? callLines(meta) : []),
    ],
    shownMembers: [...known, ...(isCall ? ['_meta'] : []), ...(isForm ? ['requestedSchema'] : [])],
  }
}

/** Codex asks by itself whether a tool may be called, in the form of a tool server's question. */
export function asksForToolCall({ _meta }: Approval['params']): boolean {
  return objectOf(_meta).codex_approval_kind === 'mcp_tool_call'
}

/** What others wrote, behind its name: its further lines are indented, so that none of them passes for a line of ours. */
export function namedLines(name: string, value: unknown): string[] {
  const [first = '', ...more] = visibleLines(typeof value === 'string' ? value : JSON.stringify(value))
  return [`${name}${first}`, ...more.map((line) => `    ${line}`)]
}

function permissionLines(permissions: JsonObject): string[] {
  const { network, fileSystem, ...others } = permissions
  const { enabled, ...limits } = objectOf(network)
  const { entries, read, write, ...more } = objectOf(fileSystem)
  // The older lists say the same again, where both are there.
  const paths = new Set([
    ...listOf(entries)
      .map(objectOf)
      .map(({ access, path }) => accessTo(textOf(access), placeOf(objectOf(path)))),
    ...listOf(read).map((path) => accessTo('read', textOf(path))),
    ...listOf(write).map((path) => accessTo('write', textOf(path))),
  ])
  const rest = Object.entries({ ...others, ...limits, ...more }).filter(([, value]) => value !== null)
  return [
    ...(enabled === true ? ['use the network'] : []),
    ...paths,
    ...rest.map(([name, value]) => `${visibleLine(name)}  ${visibleLine(JSON.stringify(value))}`),
  ]
}

function accessTo(access: string, path: string): string {
  return `${visibleLine(access)} ${visibleLine(path)}`
}

function placeOf(path: JsonObject): string {
  return textOf(path.path) || textOf(path.pattern) || JSON.stringify(path.value ?? path)
}

function callLines({ tool_description: about, tool_params: given }: JsonObject): string[] {
  const params = Object.entries(objectOf(given)).flatMap(([name, value]) =>
    namedLines(`  ${visibleLine(name)}: `, value),
  )
  return [...(textOf(about) === '' ? [] : namedLines('', about)), ...params]
}

/** A field with what may be said in it: one line, and one for each option. */
export function fieldLines(field: FormField): readonly string[] {
  const { kind, options, required, initial, least, most } = field
  const bounds = [least === null ? '' : `at least ${least}`, most === null ? '' : `at most ${most}`]
    .filter(Boolean)
    .join(', ')
  const nature = [
    natures[kind],
    bounds,
    initial === '' ? '' : `${visibleLine(initial)} unless you say otherwise`,
    required ? '' : 'may be left out',
  ]
  return [
    `${fieldHead(field)}  (${nature.filter(Boolean).join('; ')})`,
    ...options.map(
      (option, index) => `  ${index + 1}  ${[option.label, option.about].filter(Boolean).map(visibleLine).join('  ')}`,
    ),
    ...(field.free ? ['  or any other text'] : []),
  ]
}

/** What a field is for, on one line. */
export function fieldHead({ title, about }: FormField): string {
  return [title, about].filter(Boolean).map(visibleLine).join(': ')
}

const natures: Readonly<Record<FormField['kind'], string>> = {
  text: 'text',
  number: 'a number',
  integer: 'a whole number',
  yesNo: 'yes or no',
  one: 'one of these',
  several: 'any of these',
}
