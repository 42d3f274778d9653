// Renders one set of values with one Helm and turns a refusal into findings.
import {
  type Chart,
  HelmError,
  type HelmFailure,
  ManifestError,
  type Render,
  type RenderRequest,
} from 'chart-harness'
import type { ValueSet } from './check-options.ts'
import type { Finding } from './check-types.ts'

/** A render, or why there is none. */
export interface Attempt {
  readonly render?: Render
  readonly findings: readonly Finding[]
}

/** Renders; Helm's own schema check is left out when the values are known to fail it. */
export async function renderSet(
  chart: Chart,
  set: ValueSet,
  options: Pick<RenderRequest, 'helm' | 'kube' | 'schema'>,
): Promise<Attempt> {
  try {
    return {
      render: await chart.render({ release: set.release, files: set.files, ...options }),
      findings: [],
    }
  } catch (error) {
    if (error instanceof HelmError) {
      const helm = options.helm === undefined ? {} : { helm: options.helm }
      return { findings: findingsOf(error.failure, chart).map((found) => ({ ...found, ...helm })) }
    }
    if (!(error instanceof ManifestError)) throw error
    return { findings: [{ stage: 'manifest', message: error.message }] }
  }
}

function findingsOf(failure: HelmFailure, chart: Chart): Finding[] {
  const place = placeOf(failure, chart)
  const at = { ...(place === undefined ? {} : { template: place }), command: failure.command }
  if (failure.kind === 'fail')
    return failure.lines.filter(isNoHeading).map((message) => ({ stage: 'rule', message, ...at }))
  if (failure.kind === 'schema')
    return failure.lines.map((message) => ({ stage: 'schema', message, command: failure.command }))
  return [{ stage: 'template', message: failure.cause, ...at }]
}

function isNoHeading(line: string, index: number, lines: readonly string[]): boolean {
  return index > 0 || lines.length === 1 || !line.endsWith(':')
}

function placeOf({ template, line, column }: HelmFailure, chart: Chart): string | undefined {
  if (template === undefined) return undefined
  const file = template.replace(/^[^/]+/, chart.path)
  return [file, line, column].filter((part) => part !== undefined).join(':')
}
