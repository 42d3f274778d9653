// kubeconform over all renders at once, one run for each Kubernetes minor.
import { type Problem, type Render, runKubeconform } from 'chart-harness'
import { schemaDir } from '../../test/rules/project.ts'
import { explainFindings, mostExplained } from './check-explain.ts'
import { findingOf, mergeHelms } from './check-judge.ts'
import type { HelmReport, SetReport } from './check-types.ts'

const atATime = 2

/** One set after all checks, with its renders; none when it could not be rendered. */
export interface CheckedSet {
  readonly report: SetReport
  readonly renders: readonly Render[]
}

type Answers = ReadonlyMap<string, readonly Problem[]>

/** What kubeconform says of these renders, by minor. */
export async function askKubeconform(
  renders: readonly Render[],
  minors: readonly string[],
): Promise<Answers> {
  const texts = renders.map(({ text }) => text)
  const answers = new Map<string, readonly Problem[]>()
  if (texts.length === 0) return answers
  for (let start = 0; start < minors.length; start += atATime) {
    const some = minors.slice(start, start + atATime)
    const found = await Promise.all(
      some.map((minor) => runKubeconform(texts, minor, { schemas: schemaDir })),
    )
    for (const [index, minor] of some.entries()) answers.set(minor, found[index] ?? [])
  }
  return answers
}

/** The set with what kubeconform said of its objects. */
export async function addSecondOpinion(
  { report, renders }: CheckedSet,
  answers: Answers,
  cwd: string,
): Promise<CheckedSet> {
  const found = renders.flatMap((render) =>
    [...answers.values()]
      .flatMap((problems) => problems.filter((problem) => concerns(render, problem)))
      .map((problem) => findingOf('kubeconform', problem, render)),
  )
  const left = Math.max(0, mostExplained - report.findings.length)
  const merged = mergeHelms(found, renders.length)
  const findings = [...report.findings, ...(await explainFindings(merged, cwd, left))]
  const helms = report.helms.map((row, index) => withAnswers(row, renders[index], answers))
  return { report: { ...report, ok: findings.length === 0, helms, findings }, renders }
}

function concerns({ objects }: Render, { object }: Problem): boolean {
  return objects.some(({ kind, metadata }) => `${kind}/${metadata.name}` === object)
}

function withAnswers(row: HelmReport, render: Render | undefined, answers: Answers): HelmReport {
  const refuses = (minor: string): boolean =>
    render !== undefined && (answers.get(minor) ?? []).some((problem) => concerns(render, problem))
  const minors = Object.entries(row.kubernetes).map(
    ([minor, passed]) => [minor, passed && !refuses(minor)] as const,
  )
  return { ...row, kubernetes: Object.fromEntries(minors) }
}
