// From values files to renders, with everything that is wrong on the way.
import { nearestSource, valuesLayers } from '../diagnosis/values-layers.ts'
import { ManifestError } from '../objects/manifests.ts'
import type { Chart } from '../render/chart.ts'
import { HelmError, type HelmFailure } from '../render/helm-errors.ts'
import type { Render } from '../render/render.ts'
import type { RenderRequest } from '../render/request.ts'
import { checkValuesSchema } from '../values/check-values.ts'
import { mergeDefaults, mergeFiles } from '../values/merge.ts'
import { describeViolations } from '../values/suggest-key.ts'
import { readDefaults } from '../values/values-schema.ts'
import { mergeHelms, type SetFinding } from './set-report.ts'
import { displayName, readValuesFile } from './values-file.ts'

/** Renders with every Helm; none when there are findings. */
export interface Tried {
  readonly renders: readonly Render[]
  readonly findings: readonly SetFinding[]
  readonly warnings: readonly string[]
}

/** Reads the files strictly, checks them against the chart's schema and renders them with each Helm. */
export async function tryValues(
  chart: Chart,
  request: RenderRequest & { readonly files: readonly string[] },
  { cwd, helms }: { readonly cwd: string; readonly helms: readonly (3 | 4)[] },
): Promise<Tried> {
  const { files } = request
  const read = files.map((file) => readValuesFile(file, cwd))
  const findings = read
    .filter((file) => typeof file === 'string')
    .map((message): SetFinding => ({ stage: 'file', message }))
  if (findings.length > 0) return { renders: [], findings, warnings: [] }
  const given = read.filter((file) => typeof file !== 'string').map(({ values }) => values)
  const merged = mergeDefaults(readDefaults(chart.path), mergeFiles(given), helms.at(-1) ?? 4)
  const findValue = valueFinder(chart, files, cwd)
  const shape = shapeFindings(chart, merged.values, findValue)
  const schema = shape.length > 0 ? 'skip' : 'helm'
  const tried = await Promise.all(
    helms.map((helm) => renderWith(chart, { ...request, schema, helm })),
  )
  const refused = tried.flatMap((one) => (Array.isArray(one) ? one : []))
  // Of values of the wrong shape only the rules are worth reading: other errors repeat the shape's.
  const worthReading = mergeHelms(refused, helms.length)
    .filter(({ stage }) => shape.length === 0 || stage === 'rule')
    .map((finding) => ({ ...finding, ...findValue(keyOf(finding.message)) }))
  const renders = tried.flatMap((one) => (Array.isArray(one) ? [] : [one]))
  const found = [...shape, ...worthReading]
  return { renders: found.length > 0 ? [] : renders, findings: found, warnings: merged.warnings }
}

function shapeFindings(chart: Chart, values: object, findValue: ValueFinder): SetFinding[] {
  const violations = checkValuesSchema(chart, values)
  const described = describeViolations(chart.path, violations)
  return violations.map(({ path }, index) => {
    return { stage: 'schema', message: described[index] ?? '', ...findValue(path) }
  })
}

async function renderWith(
  chart: Chart,
  options: RenderRequest & { readonly helm: 3 | 4 },
): Promise<Render | SetFinding[]> {
  try {
    return await chart.render(options)
  } catch (error) {
    if (error instanceof ManifestError) return [{ stage: 'manifest', message: error.message }]
    if (!(error instanceof HelmError)) throw error
    return findingsOf(error.failure, chart).map((finding) => ({ ...finding, helm: options.helm }))
  }
}

function findingsOf(failure: HelmFailure, chart: Chart): SetFinding[] {
  const { kind, lines, cause, command } = failure
  const place = placeOf(failure, chart)
  const at = { ...(place === undefined ? {} : { template: place }), command }
  if (kind === 'fail')
    return lines.filter(isNoHeading).map((message) => ({ stage: 'rule', message, ...at }))
  if (kind === 'schema') return lines.map((message) => ({ stage: 'schema', message, command }))
  return [{ stage: 'template', message: cause, ...at }]
}

function isNoHeading(line: string, index: number, lines: readonly string[]): boolean {
  return index > 0 || lines.length === 1 || !line.endsWith(':')
}

function placeOf({ template, line, column }: HelmFailure, chart: Chart): string | undefined {
  if (template === undefined) return undefined
  const file = template.replace(/^[^/]+/, chart.path)
  return [file, line, column].filter((part) => part !== undefined).join(':')
}

/** The key that a rule's message begins with. */
function keyOf(message: string): string {
  return /^([A-Za-z][\w.[\]-]*): /.exec(message)?.[1] ?? ''
}

type ValueFinder = (path: string) => Pick<SetFinding, 'value'>

// Where the files set a key, or what comes nearest to it. The chart's defaults are left out: a mistake is
// corrected in the files.
function valueFinder(chart: Chart, files: readonly string[], cwd: string): ValueFinder {
  const layers = valuesLayers({ chart: chart.path, request: { files } }).filter(
    ({ giver }) => giver === 'file',
  )
  return (path) => {
    const { file, line } = nearestSource(layers, path) ?? {}
    return file === undefined ? {} : { value: `${displayName(file, cwd)}:${line}` }
  }
}
