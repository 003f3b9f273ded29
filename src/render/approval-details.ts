/** What is asked, beyond a command and a diff, in lines for people: permissions, calls of tools, forms. Nothing that is not known is left out. Pure. */
import type { Approval } from '../protocol/approvals.ts'
import { type FormField, formFields } from './form-fields.ts'
import { type JsonObject, listOf, objectOf, textOf } from './read-json.ts'
import { safeLine, safeText } from './safe-text.ts'

export interface ApprovalDetails {
  readonly lines: readonly string[]
  /** Members of `params` that the lines tell. */
  readonly told: readonly string[]
}

export function approvalDetails({ method, params }: Pick<Approval, 'method' | 'params'>): ApprovalDetails {
  if (method === 'item/permissions/requestApproval')
    return { lines: permissionLines(objectOf(params.permissions)), told: ['permissions'] }
  if (method !== 'mcpServer/elicitation/request') return { lines: [], told: [] }
  const meta = objectOf(params._meta)
  const isCall = asksForToolCall(params)
  const message = [textOf(params.message), textOf(params.url)]
    .filter(Boolean)
    .flatMap((text) => safeText(text).split('\n'))
  const told = ['mode', 'serverName', 'message', 'url']
  const isForm = formFields({ method, params }) !== null
  return {
    lines: [
      `${safeLine(textOf(params.serverName))}: ${message[0] ?? ''}`,
      ...message.slice(1),
      ...(isCall ? callLines(meta) : []),
    ],
    told: [...told, ...(isCall ? ['_meta'] : []), ...(isForm ? ['requestedSchema'] : [])],
  }
}

/** Codex asks by itself whether a tool may be called, in the form of a tool server's question. */
export function asksForToolCall({ _meta }: Approval['params']): boolean {
  return objectOf(_meta).codex_approval_kind === 'mcp_tool_call'
}

function permissionLines(permissions: JsonObject): string[] {
  const { network, fileSystem, ...others } = permissions
  const { entries, read, write, ...more } = objectOf(fileSystem)
  const listed = listOf(entries).map(objectOf)
  const paths =
    listed.length > 0
      ? listed.map(({ access, path }) => `${textOf(access)} ${placeOf(objectOf(path))}`)
      : [...listOf(read).map((path) => `read ${textOf(path)}`), ...listOf(write).map((path) => `write ${textOf(path)}`)]
  const isOn = objectOf(network).enabled === true
  const rest = Object.entries({ ...others, ...more }).filter(([, value]) => value !== null)
  return [
    ...(isOn ? ['use the network'] : []),
    ...paths,
    ...rest.map(([name, value]) => `${name}  ${JSON.stringify(value)}`),
  ].map(safeLine)
}

function placeOf(path: JsonObject): string {
  return textOf(path.path) || textOf(path.pattern) || JSON.stringify(path.value ?? path)
}

function callLines({ tool_description: about, tool_params: given }: JsonObject): string[] {
  const params = Object.entries(objectOf(given)).map(
    ([name, value]) => `  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [textOf(about), ...params].filter(Boolean).map(safeText)
}

/** A field with what may be said in it: one line, and one for each option. */
export function fieldLines(field: FormField): readonly string[] {
  const { title, about, kind, options, required, initial, least, most } = field
  const bounds = [least === null ? '' : `at least ${least}`, most === null ? '' : `at most ${most}`]
    .filter(Boolean)
    .join(', ')
  const nature = [
    natures[kind],
    bounds,
    initial === '' ? '' : `${safeLine(initial)} unless you say otherwise`,
    required ? '' : 'may be left out',
  ]
  const head = [safeLine(title), safeLine(about)].filter(Boolean).join(': ')
  return [
    `${head}  (${nature.filter(Boolean).join('; ')})`,
    ...options.map(
      (option, index) => `  ${index + 1}  ${[option.label, option.about].filter(Boolean).map(safeLine).join('  ')}`,
    ),
    ...(field.free ? ['  or any other text'] : []),
  ]
}

const natures: Readonly<Record<FormField['kind'], string>> = {
  text: 'text',
  number: 'a number',
  integer: 'a whole number',
  yesNo: 'yes or no',
  one: 'one of these',
  several: 'any of these',
}
