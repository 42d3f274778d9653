// Judges one render: rules and Kubernetes' schemas.
import {
  createSchemaChecker,
  formatProblem,
  type Problem,
  type Render,
  type Rule,
  runRules,
} from 'chart-harness'
import { schemaDir } from './check-options.ts'
import type { Finding, HelmReport, Stage } from './check-types.ts'

const checkSchema = createSchemaChecker(schemaDir)

/** A row of the table, and what is wrong with the render. */
export interface Judgement {
  readonly report: HelmReport
  readonly findings: readonly Finding[]
}

/** Runs the rules and checks every object against the schemas of every minor. */
export function judgeRender(
  render: Render,
  rules: readonly Rule[],
  minors: readonly string[],
): Judgement {
  const byRule = rules.map((rule) => runRules(render, [rule]).problems)
  const byMinor = minors.map((minor) => ({
    minor,
    problems: render.objects.flatMap((object) => checkSchema(object, minor)),
  }))
  const wrong = byMinor.flatMap(({ problems }) => problems)
  const toFinding = (stage: Stage) => (problem: Problem) => findingOf(stage, problem, render)
  return {
    report: {
      helm: render.helm,
      version: /# Helm (\S+)$/.exec(render.command)?.[1] ?? String(render.helm),
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

function imagesOf(render: Render): string[] {
  const images = render.containers().map(({ container }) => container.image ?? '(none)')
  return [...new Set(images)].sort()
}

/** A problem with the template that made its object and the command that shows it. */
export function findingOf(stage: Stage, problem: Problem, render: Render): Finding {
  const made = render.objects.find(
    ({ kind, metadata }) => `${kind}/${metadata.name}` === problem.object,
  )
  return {
    stage,
    message: formatProblem(problem),
    helm: render.helm,
    command: render.command,
    ...(made?.source ? { template: made.source.replace(/^[^/]+/, 'chart') } : {}),
  }
}
