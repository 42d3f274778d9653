import { type Arm, isExplicit } from './arms.ts'
import { isCovered, type MeasuredArm, measuredArms } from './gate.ts'
import type { Coverage } from './measure.ts'

/**
 * The coverage as an LCOV tracefile: a count is the number of requests. Defines are functions; all other
 * arms, implicit else too, are branches; a line counts what its innermost arm does.
 * @param prefix stands before the files' names, e.g. `chart/`
 */
export function formatLcov(coverage: Coverage, prefix = ''): string {
  const measured = measuredArms(coverage)
  return coverage.templates
    .map(({ file, source }) => {
      const arms = measured.filter(({ arm }) => arm.file === file)
      const records = [...functions(arms), ...branches(arms), ...lines(source, arms)]
      return ['TN:', `SF:${prefix}${file}`, ...records, 'end_of_record', ''].join('\n')
    })
    .join('')
}

function countOf({ rendering, failing }: MeasuredArm): number {
  return rendering.length + failing.length
}

function isFunction({ kind }: Arm): boolean {
  return kind === 'define' || kind === 'block'
}

function functions(arms: readonly MeasuredArm[]): string[] {
  const defines = arms.filter(({ arm }) => isFunction(arm))
  const name = ({ condition }: Arm): string => condition.split(/\s/)[0]?.replaceAll('"', '') ?? ''
  return [
    ...defines.map(({ arm }) => `FN:${arm.line},${name(arm)}`),
    ...defines.map((entry) => `FNDA:${countOf(entry)},${name(entry.arm)}`),
    `FNF:${defines.length}`,
    `FNH:${defines.filter(isCovered).length}`,
  ]
}

/** A block is told by the arm that opens it, an arm by its place in the block. */
function branches(arms: readonly MeasuredArm[]): string[] {
  const found = arms.filter(
    ({ arm }) => (isExplicit(arm) || arm.kind === 'implicit else') && !isFunction(arm),
  )
  const counts = new Map(arms.map((entry) => [entry.arm, countOf(entry)]))
  const blocks = [...new Set(found.map(({ arm }) => arm.before[0] ?? arm))]
  return [
    ...found.map((entry) => {
      const { line, before, parent } = entry.arm
      const isReached = parent === undefined || counts.get(parent) !== 0
      const block = blocks.indexOf(before[0] ?? entry.arm)
      return `BRDA:${line},${block},${before.length},${isReached ? countOf(entry) : '-'}`
    }),
    `BRF:${found.length}`,
    `BRH:${found.filter(isCovered).length}`,
  ]
}

function lines(source: string, arms: readonly MeasuredArm[]): string[] {
  const counts = source.split('\n').flatMap((text, index) => {
    const line = index + 1
    const entry = arms.findLast(({ arm }) => isAround(arm, line))
    if (text.trim() === '' || !entry || !isExecutable(entry.arm)) return []
    return [[line, countOf(entry)] as const]
  })
  return [
    ...counts.map(([line, count]) => `DA:${line},${count}`),
    `LF:${counts.length}`,
    `LH:${counts.filter(([, count]) => count > 0).length}`,
  ]
}

function isAround({ kind, firstLine, lastLine }: Arm, line: number): boolean {
  return kind === 'file' || (firstLine < line && line < lastLine)
}

// Between the defines of a partial nothing is executed.
function isExecutable({ kind, file }: Arm): boolean {
  return kind !== 'file' || !/(?:^|\/)_[^/]*$/.test(file)
}
