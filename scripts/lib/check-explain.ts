// From a problem of a render to the lines that made it.
import { type Explanation, explain } from 'chart-harness'
import { displayName } from './check-files.ts'
import type { Finding, RenderFinding } from './check-types.ts'

/** An explanation costs renders: no more than are shown of one set. */
export const mostExplained = 20

/** The findings with the lines of the template and of the values that made them; later ones as they are. */
export function explainFindings(
  findings: readonly RenderFinding[],
  cwd: string,
  most: number = mostExplained,
): Promise<Finding[]> {
  const told = findings.map(async ({ problem, render, ...finding }, index): Promise<Finding> => {
    const { object, path } = problem
    const made = render.objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === object)
    if (!made) return finding
    const source = made.source === '' ? {} : { template: made.source.replace(/^[^/]+/, 'chart') }
    const places = index < most ? placesOf(await explain(render, object, path), cwd) : {}
    return { ...finding, ...source, ...places }
  })
  return Promise.all(told)
}

function placesOf(
  { template, values, command }: Explanation,
  cwd: string,
): Pick<Finding, 'template' | 'value' | 'command'> {
  const lines = template?.lines.map(({ file, line }) => `${displayName(file, cwd)}:${line}`) ?? []
  const made = lines.join(', included by ')
  const set = values.flatMap(({ file, line, path }) =>
    file === undefined ? [] : `${displayName(file, cwd)}:${line} sets ${path}`,
  )
  return {
    command,
    ...(made === '' ? {} : { template: template?.isExact ? made : `about ${made}` }),
    ...(set.length === 0 ? {} : { value: set.join(', ') }),
  }
}
