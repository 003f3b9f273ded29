/**
 * The fields of a question that has any: the questions of the model, and the forms of tool servers, which callers need not distinguish.
 * Pure.
 */
import type { Approval } from '../../protocol/approvals.ts'
import { type JsonObject, listOf, numberOf, objectOf, textOf } from '../../protocol/json/read-json.ts'

type FieldKind = 'text' | 'number' | 'integer' | 'yesNo' | 'one' | 'several'

export interface FieldOption {
  /** What is sent. */
  readonly value: string
  readonly label: string
  /** Empty where there is nothing more to say. */
  readonly about: string
}

export interface FormField {
  /** What the answer calls it. */
  readonly name: string
  readonly title: string
  /** Empty where there is nothing more to say. */
  readonly about: string
  readonly kind: FieldKind
  /** Empty but for `one` and `several`. */
  readonly options: readonly FieldOption[]
  /** Another text than the options is taken as well. */
  readonly free: boolean
  readonly required: boolean
  /** Not to be shown while it is typed. */
  readonly secret: boolean
  /** What it is unless somebody says otherwise, as it would be typed. */
  readonly initial: string
  /** The bounds of a number, of the length of a text, or of how many are chosen. */
  readonly least: number | null
  readonly most: number | null
}

/** Of the questions of the model. */
export function questionFields({ questions }: Approval['params']): readonly FormField[] {
  return listOf(questions).map(objectOf).map(questionField)
}

/** Of a tool server's form. Empty where there is nothing to fill in; null where it is a form of a kind that is not known here. */
export function schemaFields(params: Approval['params']): readonly FormField[] | null {
  if (params.mode === 'url') return []
  const { properties, required, type } = objectOf(params.requestedSchema)
  if (type !== 'object') return null
  const fields = Object.entries(objectOf(properties)).map(([name, schema]) =>
    schemaField(name, objectOf(schema), listOf(required).includes(name)),
  )
  const known = fields.filter((field) => field !== null)
  return known.length === fields.length ? known : null
}

const plain = { about: '', options: [], free: false, secret: false, initial: '', least: null, most: null } as const

function questionField({ id, header, question, options, isOther, isSecret }: JsonObject): FormField {
  const choices = listOf(options).map(objectOf)
  return {
    ...plain,
    name: textOf(id),
    title: textOf(header),
    about: textOf(question),
    kind: choices.length > 0 ? 'one' : 'text',
    options: choices.map(({ label, description }) => option(textOf(label), textOf(label), textOf(description))),
    free: isOther === true,
    required: false,
    secret: isSecret === true,
  }
}

/** The kinds of the MCP specification; null for any other. */
function schemaField(name: string, schema: JsonObject, required: boolean): FormField | null {
  const field = { ...plain, name, title: textOf(schema.title) || name, about: textOf(schema.description), required }
  const initial = schema.default
  const options = optionsOf(schema)
  if (schema.type === 'string' && options.length > 0)
    return { ...field, kind: 'one', options, initial: textOf(initial) }
  switch (schema.type) {
    case 'string': {
      const [least, most] = [numberOf(schema.minLength), numberOf(schema.maxLength)]
      return { ...field, kind: 'text', initial: textOf(initial), least, most }
    }
    case 'number':
    case 'integer': {
      const [least, most] = [numberOf(schema.minimum), numberOf(schema.maximum)]
      return { ...field, kind: schema.type, initial: numberOf(initial)?.toString() ?? '', least, most }
    }
    case 'boolean':
      return { ...field, kind: 'yesNo', initial: typeof initial === 'boolean' ? (initial ? 'yes' : 'no') : '' }
    case 'array': {
      const several = optionsOf(objectOf(schema.items))
      const [least, most] = [numberOf(schema.minItems), numberOf(schema.maxItems)]
      const chosen = listOf(initial).map(textOf).join(', ')
      return several.length === 0 ? null : { ...field, kind: 'several', options: several, initial: chosen, least, most }
    }
    default:
      return null
  }
}

function optionsOf(schema: JsonObject): FieldOption[] {
  const titled = [...listOf(schema.oneOf), ...listOf(schema.anyOf)].map(objectOf)
  if (titled.length > 0) return titled.map(({ const: value, title }) => option(textOf(value), textOf(title)))
  const names = listOf(schema.enumNames).map(textOf)
  return listOf(schema.enum)
    .map(textOf)
    .map((value, index) => option(value, names[index] ?? value))
}

function option(value: string, label: string, about = ''): FieldOption {
  return { value, label: label || value, about }
}
