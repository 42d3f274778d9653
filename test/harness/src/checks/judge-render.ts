// What is wrong with the renders of one set of values: rules, Kubernetes' schemas, kubeconform.
import { explain } from '../diagnosis/explain.ts'
import { withoutSecret } from '../diagnosis/mask.ts'
import { nameOf, objectOf } from '../objects/manifests.ts'
import type { Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import type { Schemas } from './kubernetes-schemas.ts'
import { formatProblem, type Rule, runRules } from './rules.ts'
import {
  type HelmReport,
  mostExplained,
  type RenderFinding,
  type SetFinding,
  type Stage,
} from './set-report.ts'
import { displayName } from './values-file.ts'

/** Problems by Kubernetes minor. */
export type ByMinor = ReadonlyMap<string, readonly Problem[]>

/** What a render must comply with. */
export interface Judges {
  readonly rules: readonly Rule[]
  readonly schemas: Schemas
  readonly minors: readonly string[]
  /** What kubeconform says about all renders; undefined when it was not asked. */
  readonly kubeconform: ByMinor | undefined
}

/** What is known of a render: a row of the table, what is wrong with it, and which kinds have no schema. */
interface JudgedRender {
  readonly report: HelmReport
  readonly findings: readonly RenderFinding[]
  readonly unchecked: readonly string[]
}

/** Runs the rules and checks every object against the schemas of every minor, if there can be any. */
export function judgeRender(
  render: Render,
  { rules, schemas, minors, kubeconform }: Judges,
  version: string,
): JudgedRender {
  const { helm, command, objects } = render
  const byRule = rules.map((rule) => runRules(render, [rule]).problems)
  const ours = new Set(objects.map(nameOf))
  const byMinor = minors.map((minor) => {
    const said = (kubeconform?.get(minor) ?? []).filter(({ object }) => ours.has(object))
    const left = objects.filter((object) => schemas.isUncheckable(object, minor))
    const rest = objects.filter((object) => !left.includes(object))
    const found = rest.flatMap((object) => schemas.check(object, minor))
    return { minor, found, said, left }
  })
  const findings = (stage: Stage, problems: readonly Problem[]): RenderFinding[] =>
    problems.map((problem) => {
      const message = formatProblem(withoutSecret(problem))
      return { stage, message, helm, command, problem, render }
    })
  const images = render.containers().map(({ container }) => container.image ?? '(none)')
  return {
    report: {
      ...{ helm, version, objects: objects.length, images: [...new Set(images)].sort() },
      kubernetes: Object.fromEntries(
        byMinor.map(({ minor, found, said }) => [minor, found.length + said.length === 0]),
      ),
      rules: rules.length,
      rulesPassed: byRule.filter((problems) => problems.length === 0).length,
    },
    findings: [
      ...findings('check', byRule.flat()),
      ...findings('kubernetes', joinMinors(byMinor)),
      ...byMinor.flatMap(({ said }) => findings('kubeconform', said)),
    ],
    unchecked: byMinor.flatMap(({ left }) => left.map((o) => `${o.apiVersion} ${o.kind}`)),
  }
}

// A defect is mostly the same in every minor: it is reported once, with the minors.
function joinMinors(
  byMinor: readonly { readonly minor: string; readonly found: readonly Problem[] }[],
): Problem[] {
  const joined = new Map<string, { readonly problem: Problem; readonly minors: string[] }>()
  for (const { minor, found } of byMinor) {
    for (const one of found) {
      const problem = { ...one, message: one.message.replace(/^Kubernetes \S+: /, '') }
      const known = joined.get(formatProblem(problem)) ?? { problem, minors: [] }
      known.minors.push(minor)
      joined.set(formatProblem(problem), known)
    }
  }
  return [...joined.values()].map(({ problem, minors }) => {
    return { ...problem, message: `Kubernetes ${minors.join(', ')}: ${problem.message}` }
  })
}

/** The findings with the lines of the template and of the values that made them. */
export function explainFindings(
  findings: readonly RenderFinding[],
  chart: string,
  cwd: string,
): Promise<SetFinding[]> {
  const explained = findings.map(async ({ problem, render, ...finding }, index) => {
    const made = objectOf(render.objects, problem.object)
    if (!made) return finding
    const template = displayName(made.source.replace(/^[^/]+/, chart), cwd)
    const places = index < mostExplained ? await findPlaces(render, problem, cwd) : {}
    return { ...finding, ...(made.source === '' ? {} : { template }), ...places }
  })
  return Promise.all(explained)
}

async function findPlaces(
  render: Render,
  { object, path }: Problem,
  cwd: string,
): Promise<Pick<SetFinding, 'template' | 'value' | 'command'>> {
  const { template, values, command } = await explain(render, object, path)
  const lines = template?.lines.map(({ file, line }) => `${displayName(file, cwd)}:${line}`) ?? []
  const made = lines.join(', included by ')
  const set = values.flatMap(({ file, line, path: key }) =>
    file === undefined ? [] : `${displayName(file, cwd)}:${line} sets ${key}`,
  )
  return {
    command,
    ...(made === '' ? {} : { template: template?.isExact ? made : `about ${made}` }),
    ...(set.length === 0 ? {} : { value: set.join(', ') }),
  }
}
