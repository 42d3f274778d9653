// Judges one render: rules and Kubernetes' schemas.
import {
  formatProblem,
  type Problem,
  type Render,
  type Rule,
  runRules,
  withoutSecret,
} from 'chart-harness'
import { checkSchema } from '../../test/rules/project.ts'
import type { Finding, HelmReport, RenderFinding, Stage } from './check-types.ts'

/** A row of the table, and what is wrong with the render. */
export interface Judgement {
  readonly report: HelmReport
  readonly findings: readonly RenderFinding[]
}

/** Runs the rules and checks every object against the schemas of every minor. */
export function judgeRender(
  render: Render,
  rules: readonly Rule[],
  minors: readonly string[],
  version: string,
): Judgement {
  const byRule = rules.map((rule) => runRules(render, [rule]).problems)
  const byMinor = minors.map((minor) => ({
    minor,
    problems: render.objects.flatMap((object) => checkSchema(object, minor)),
  }))
  const wrong = joinMinors(byMinor)
  const toFinding = (stage: Stage) => (problem: Problem) => findingOf(stage, problem, render)
  return {
    report: {
      helm: render.helm,
      version,
      objects: render.objects.length,
      images: imagesOf(render),
      kubernetes: Object.fromEntries(
        byMinor.map(({ minor, problems }) => [minor, problems.length === 0]),
      ),
      rules: rules.length,
      rulesPassed: byRule.filter((problems) => problems.length === 0).length,
    },
    findings: [...byRule.flat().map(toFinding('check')), ...wrong.map(toFinding('kubernetes'))],
  }
}

// One defect is mostly one in every minor: it is said once, with the minors.
function joinMinors(
  byMinor: readonly { readonly minor: string; readonly problems: readonly Problem[] }[],
): Problem[] {
  const joined = new Map<string, { readonly problem: Problem; readonly minors: string[] }>()
  for (const { minor, problems } of byMinor) {
    for (const problem of problems) {
      const message = problem.message.replace(/^Kubernetes \S+: /, '')
      const key = formatProblem({ ...problem, message })
      const known = joined.get(key) ?? { problem: { ...problem, message }, minors: [] }
      known.minors.push(minor)
      joined.set(key, known)
    }
  }
  return [...joined.values()].map(({ problem, minors }) => {
    return { ...problem, message: `Kubernetes ${minors.join(', ')}: ${problem.message}` }
  })
}

function imagesOf(render: Render): string[] {
  const images = render.containers().map(({ container }) => container.image ?? '(none)')
  return [...new Set(images)].sort()
}

/** A problem of a render, as it is told. */
export function findingOf(stage: Stage, problem: Problem, render: Render): RenderFinding {
  const message = formatProblem(withoutSecret(problem))
  return { stage, message, helm: render.helm, command: render.command, problem, render }
}

/** The Helms mostly say the same: then it is said once, without naming one. */
export function mergeHelms<T extends Finding>(
  findings: readonly T[],
  helms: number,
): (Omit<T, 'helm'> & Pick<Finding, 'helm'>)[] {
  const merged = new Map<string, T[]>()
  for (const finding of findings) {
    merged.set(finding.message, [...(merged.get(finding.message) ?? []), finding])
  }
  return [...merged.values()].flatMap(([first, ...others]) => {
    if (!first) return []
    const { helm, ...rest } = first
    const saidBy = new Set([first, ...others].map((finding) => finding.helm))
    return saidBy.size === helms || helm === undefined ? [rest] : [first]
  })
}
