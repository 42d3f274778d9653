import { type Branch, isExplicit, wrongExceptions } from './branches.ts'
import type { Coverage } from './measure.ts'
import { isCovered, type MeasuredBranch, titleOf } from './measured.ts'

/** Something that the gate does not let pass. */
export interface CoverageProblem {
  readonly rule: 'uncovered' | 'exception-wrong' | 'exception-needless'
  readonly file: string
  readonly line: number
  readonly message: string
}

/** Branches that requests execute, of all that there are. */
export interface Count {
  readonly covered: number
  readonly total: number
}

/** A branch that no request executes. */
export interface Gap {
  readonly file: string
  readonly line: number
  readonly branch: string
  readonly isExplicit: boolean
  /** Why that is allowed. */
  readonly reason?: string
}

/** All that is worth knowing about a coverage. */
export interface CoverageReport {
  readonly files: Readonly<Record<string, { readonly explicit: Count; readonly implicit: Count }>>
  readonly explicit: Count
  readonly implicit: Count
  /** Explicit branches that only failing requests execute. */
  readonly onlyFailing: number
  readonly excepted: number
  readonly requests: Coverage['requests']
  readonly gaps: readonly Gap[]
  readonly problems: readonly CoverageProblem[]
}

/** Sums a coverage up. */
export function reportCoverage(coverage: Coverage): CoverageReport {
  const measured = coverage.branches.filter(({ branch }) => branch.kind !== 'file')
  const explicit = measured.filter(({ branch }) => isExplicit(branch))
  const counts = (branches: readonly MeasuredBranch[]): { explicit: Count; implicit: Count } => ({
    explicit: count(branches.filter(({ branch }) => isExplicit(branch))),
    implicit: count(branches.filter(({ branch }) => !isExplicit(branch))),
  })
  const files = coverage.templates.map(({ file }) => file)
  const ofFile = (file: string): MeasuredBranch[] =>
    measured.filter(({ branch }) => branch.file === file)
  return {
    files: Object.fromEntries(files.map((file) => [file, counts(ofFile(file))])),
    ...counts(measured),
    onlyFailing: explicit.filter((e) => isCovered(e) && e.rendering.length === 0).length,
    excepted: explicit.filter((entry) => !isCovered(entry) && isExcepted(entry.branch)).length,
    requests: coverage.requests,
    gaps: measured.filter((entry) => !isCovered(entry)).map(({ branch }) => gapOf(branch)),
    problems: coverageProblems(coverage),
  }
}

function count(branches: readonly MeasuredBranch[]): Count {
  return { covered: branches.filter(isCovered).length, total: branches.length }
}

function gapOf(branch: Branch): Gap {
  const { file, line, exception } = branch
  return {
    ...{ file, line, branch: titleOf(branch), isExplicit: isExplicit(branch) },
    ...(exception ? { reason: exception.reason } : {}),
  }
}

/** The report for a person: files, then what the gate says and what is excepted. */
export function formatCoverage(report: CoverageReport): string {
  const { requests, explicit, implicit, onlyFailing, excepted } = report
  const files = Object.entries(report.files)
    .filter(([, counts]) => counts.explicit.total > 0)
    .map(([file, counts]) => `  ${ratio(counts.explicit)} ${ratio(counts.implicit)}  ${file}`)
  const excused = report.gaps
    .filter(({ reason }) => reason !== undefined)
    .map(({ file, line, branch, reason }) => `  ${file}:${line}: ${branch} (${reason})`)
  const problems = report.problems.map(({ file, line, message }) => `  ${file}:${line}: ${message}`)
  return [
    ' explicit  implicit',
    ...files,
    ...(problems.length > 0 ? ['', 'Problems:', ...problems] : []),
    ...(excused.length > 0 ? ['', 'Excepted:', ...excused] : []),
    '',
    `${requests.rendering} requests that render, ${requests.failing} that fail as a test expects (${requests.refused} do not count)`,
    `explicit branches: ${percent(explicit)}, ${onlyFailing} of them only on the way to a failure; ${excepted} excepted`,
    `implicit else: ${percent(implicit)}, not gated`,
  ].join('\n')
}

function ratio({ covered, total }: Count): string {
  return `${covered}/${total}`.padStart(8)
}

function percent({ covered, total }: Count): string {
  const share = total === 0 ? 100 : Math.floor((covered * 1000) / total) / 10
  return `${covered} of ${total} (${share} %)`
}

/** Whether the branch, or one around it, is excepted. */
function isExcepted({ exception, parent }: Branch): boolean {
  return exception !== undefined || (parent !== undefined && isExcepted(parent))
}

/** What keeps the chart from 100 %: explicit branches that no request executes, and exceptions that are wrong or not needed. */
export function coverageProblems(coverage: Coverage): CoverageProblem[] {
  const uncovered = coverage.branches
    .filter((entry) => isExplicit(entry.branch) && !isCovered(entry) && !isExcepted(entry.branch))
    .map(({ branch }) => problemAt(branch, 'uncovered', `no request executes "${titleOf(branch)}"`))
  const needless = coverage.branches.filter(isCovered).flatMap(({ branch }) => {
    const { exception, file } = branch
    if (!exception) return []
    const message = `"${titleOf(branch)}" is executed and needs no exception. Remove the comment.`
    return [problemAt({ file, line: exception.line }, 'exception-needless', message)]
  })
  return [...uncovered, ...needless, ...wrong(coverage)].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line,
  )
}

function wrong({ templates }: Coverage): CoverageProblem[] {
  return templates.flatMap(({ file, source, branches }) =>
    wrongExceptions(source, branches).map(({ line, message }) =>
      problemAt({ file, line }, 'exception-wrong', message),
    ),
  )
}

function problemAt(
  { file, line }: Pick<Branch, 'file' | 'line'>,
  rule: CoverageProblem['rule'],
  message: string,
): CoverageProblem {
  return { rule, file, line, message }
}
