import { tokenize } from '../templates/tokens.ts'
import { type Arm, isExplicit } from './arms.ts'
import { wrongExceptions } from './exceptions.ts'
import type { Coverage, Execution } from './measure.ts'

/** An arm and the requests that execute it. */
export interface MeasuredArm {
  readonly arm: Arm
  /** Ids of requests that render. */
  readonly rendering: readonly string[]
  /** Ids of requests that fail as a test wants it, and come here before they do. */
  readonly failing: readonly string[]
}

/** Something that the gate does not let pass. */
export interface CoverageProblem {
  readonly rule: 'uncovered' | 'exception-wrong' | 'exception-needless'
  readonly file: string
  readonly line: number
  readonly message: string
}

/** All arms of the chart with who executes them, in the order of their numbers. */
export function measuredArms({ templates, executions }: Coverage): readonly MeasuredArm[] {
  const arms = templates.flatMap((template) => template.arms)
  const rendering = idsByArm(executions.filter(({ outcome }) => outcome === 'renders'))
  const failing = idsByArm(executions.filter(({ outcome }) => outcome === 'fails'))
  return arms.map((arm, number) => ({
    arm,
    rendering: rendering.get(number) ?? [],
    failing: failing.get(number) ?? [],
  }))
}

function idsByArm(executions: readonly Execution[]): ReadonlyMap<number, readonly string[]> {
  const ids = new Map<number, string[]>()
  for (const { id, arms } of executions) {
    for (const arm of arms) {
      const known = ids.get(arm)
      if (known) known.push(id)
      else ids.set(arm, [id])
    }
  }
  return ids
}

/** Whether some request executes the arm. */
export function isCovered({ rendering, failing }: MeasuredArm): boolean {
  return rendering.length + failing.length > 0
}

/** Whether the arm, or one around it, is excepted. */
export function isExcepted({ exception, parent }: Arm): boolean {
  return exception !== undefined || (parent !== undefined && isExcepted(parent))
}

/** What keeps the chart from 100 %: explicit arms that no request executes, and exceptions that are wrong or not needed. */
export function coverageProblems(coverage: Coverage): CoverageProblem[] {
  const measured = measuredArms(coverage)
  const uncovered = measured
    .filter((entry) => isExplicit(entry.arm) && !isCovered(entry) && !isExcepted(entry.arm))
    .map(({ arm }) => problemAt(arm, 'uncovered', `no request executes "${titleOf(arm)}"`))
  const needless = measured.filter(isCovered).flatMap(({ arm }) => {
    const { exception, file } = arm
    if (!exception) return []
    const message = `"${titleOf(arm)}" is executed and needs no exception. Remove the comment.`
    return [problemAt({ file, line: exception.line }, 'exception-needless', message)]
  })
  return [...uncovered, ...needless, ...wrong(coverage)].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line,
  )
}

function wrong({ templates }: Coverage): CoverageProblem[] {
  return templates.flatMap(({ file, source, arms }) => {
    const valid = arms.flatMap(({ exception }) => exception ?? [])
    return wrongExceptions(tokenize(source), valid).map(({ line, message }) =>
      problemAt({ file, line }, 'exception-wrong', message),
    )
  })
}

function problemAt(
  { file, line }: Pick<Arm, 'file' | 'line'>,
  rule: CoverageProblem['rule'],
  message: string,
): CoverageProblem {
  return { rule, file, line, message }
}

/** The arm as it is written: `if .Values.x`, `else of if .Values.x`. */
export function titleOf({ kind, condition, before }: Arm): string {
  if (kind === 'else' || kind === 'implicit else')
    return `${kind} of ${before.map(titleOf).join(', ')}`
  return kind === 'file' ? 'the file' : `${kind} ${condition}`
}
