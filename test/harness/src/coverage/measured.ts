import { type Branch, isExplicit } from './branches.ts'
import type { Coverage, Execution } from './measure.ts'

/** A branch and the requests that execute it. */
export interface MeasuredBranch {
  readonly branch: Branch
  /** Ids of requests that render. */
  readonly rendering: readonly string[]
  /** Ids of requests that fail as a test expects, and execute it before they do. */
  readonly failing: readonly string[]
}

/** The branches with who executes them. */
export function measureBranches(
  branches: readonly Branch[],
  executions: readonly Execution[],
): readonly MeasuredBranch[] {
  const rendering = idsByBranch(executions.filter(({ outcome }) => outcome === 'renders'))
  const failing = idsByBranch(executions.filter(({ outcome }) => outcome === 'fails'))
  return branches.map((branch, number) => ({
    branch,
    rendering: rendering.get(number) ?? [],
    failing: failing.get(number) ?? [],
  }))
}

function idsByBranch(executions: readonly Execution[]): ReadonlyMap<number, readonly string[]> {
  const ids = new Map<number, string[]>()
  for (const { id, branches } of executions) {
    for (const branch of branches) {
      const known = ids.get(branch)
      if (known) known.push(id)
      else ids.set(branch, [id])
    }
  }
  return ids
}

/** Whether some request executes the branch. */
export function isCovered({ rendering, failing }: MeasuredBranch): boolean {
  return rendering.length + failing.length > 0
}

/** The branch as it is written: `if .Values.x`, `else of if .Values.x`. */
export function titleOf({ kind, condition, before }: Branch): string {
  if (kind === 'else' || kind === 'implicit else')
    return `${kind} of ${before.map(titleOf).join(', ')}`
  return kind === 'file' ? 'the file' : `${kind} ${condition}`
}

/** Finds the ids of the requests that execute something of a line (from 1) of a template. */
export function requestsByLine(
  coverage: Coverage,
): (file: string, line: number) => readonly string[] {
  const measured = coverage.branches.filter(
    ({ branch }) => isExplicit(branch) || branch.kind === 'file',
  )
  return (file, line) => {
    const own = measured.filter(({ branch }) => branch.file === file)
    const around = own.findLast(({ branch }) => branch.firstLine < line && line < branch.lastLine)
    const beside = own.filter(
      ({ branch }) =>
        (branch.firstLine === line || branch.lastLine === line) &&
        branch.start >= (around?.branch.start ?? 0),
    )
    const executed = [...beside, ...(around ? [around] : [])]
    return [...new Set(executed.flatMap(({ rendering, failing }) => [...rendering, ...failing]))]
  }
}
