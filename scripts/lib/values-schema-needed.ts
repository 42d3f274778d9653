// The template that says which keys of chart/values.yaml must not be removed. In a values file a blank key is null, Helm
// removes it before its schema check, and templates would stop with an error of Go's.
import { Ajv } from 'ajv'
import { isMap } from './values-schema.ts'

/** Numbers that become text; any other may be left to Kubernetes, and each rule costs time in every render. */
const neededNumbers = new Set(['concurrency', 'maxThreads', 'persistentTimeout', 'port', 'workers'])

const HEAD = `{{- /*
Made by \`npm run build\` from chart/values.yaml and schema/values: the keys that a blank key or null would remove although
templates need them.
*/ -}}
{{- define "mastodon.validate.needed" -}}
{{- $values := .Values.AsMap }}
`

const TAIL = `{{- end -}}

{{- /* One line per missing key. Takes a dict: \`path\` of the table with a dot behind it, \`table\`, \`keys\` and what to write. */ -}}
{{- define "mastodon.validate.keys" -}}
{{- range $key, $remedy := .keys }}
{{- if not (hasKey $.table $key) }}
{{ $.path }}{{ $key }}: is empty, and the chart needs it. Write {{ $remedy }} or remove the line.
{{- end }}
{{- end }}
{{- end -}}
`

/** The text of chart/templates/zz-validate/_needed.tpl. */
export function emitNeeded(values: Record<string, unknown>, schema: object): string {
  const accepts = new Ajv({ strict: false, validateFormats: false }).compile(schema)
  const nullable = (path: readonly string[]): boolean => accepts(within(path, null))
  // Helm removes what is null, and then its schema check tells of a key that the schema requires.
  const required = (table: readonly string[]): boolean => !accepts(within(table, {}))
  const lines = tablesOf(values, []).flatMap(([path, table]) => {
    if (required(path)) return []
    const keys = Object.entries(table)
      .filter(([key, value]) => remedyOf(key, value) !== undefined && !nullable([...path, key]))
      .map(([key, value]) => `"${key}" "${remedyOf(key, value)}"`)
    return keys.length > 0 ? [emitTable(path, keys)] : []
  })
  return `${HEAD}${lines.join('\n')}\n${TAIL}`
}

function emitTable(path: readonly string[], keys: readonly string[]): string {
  const prefix = path.map((key) => `${key}.`).join('')
  const table =
    path.length === 0 ? '$values' : `(dig ${path.map((key) => `"${key}"`).join(' ')} nil $values)`
  const call = `{{- include "mastodon.validate.keys" (dict "path" "${prefix}" "table" $table "keys" (dict ${keys.join(' ')})) }}`
  return path.length === 0
    ? `{{- $table := $values }}\n${call}`
    : `{{- $table = ${table} }}{{ if kindIs "map" $table }}\n${call}\n{{- end }}`
}

/** Every map in the values with its path, the root first. */
function tablesOf(
  table: Record<string, unknown>,
  path: readonly string[],
): [readonly string[], Record<string, unknown>][] {
  const below = Object.entries(table).flatMap(([key, value]) =>
    isMap(value) ? tablesOf(value, [...path, key]) : [],
  )
  return [[path, table], ...below]
}

/** What may be written instead of nothing; undefined for values without which a template works. */
function remedyOf(key: string, value: unknown): string | undefined {
  if (isMap(value)) return Object.keys(value).length > 0 ? 'its keys' : '{}'
  if (Array.isArray(value)) return value.length > 0 ? 'a list' : '[]'
  if (neededNumbers.has(key)) return 'a value'
  return typeof value === 'string' && value !== '' ? 'a value' : undefined
}

const within = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight((inner, key) => ({ [key]: inner }), value)
