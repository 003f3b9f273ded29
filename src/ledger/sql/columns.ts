/** SQL from one list of columns, so that what is written, what is read and the row's type cannot disagree. */

/** The column, or the SQL expression, that each member of a row is read from: one that is missing or too many does not compile. */
export type ColumnsOf<Row> = { readonly [Member in keyof Row]-?: string }

/** A value for each column that an insert names. */
export type ValuesOf<Columns> = { readonly [Member in keyof Columns]: string | number | null }

/** What a SELECT reads: `turn_id AS turnId, status`. */
export function selectList(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([member, column]) => (member === column ? column : `${column} AS ${member}`))
    .join(', ')
}

/** Takes its values by the members' names; `more` are columns with SQL for their value. */
export function insertInto(
  table: string,
  columns: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): string {
  const names = [...Object.values(columns), ...Object.keys(more)]
  const values = [...Object.keys(columns).map((member) => `@${member}`), ...Object.values(more)]
  return `INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')})`
}
