import { type Branch, isExplicit } from './branches.ts'
import type { Coverage } from './measure.ts'
import { isCovered, type MeasuredBranch } from './measured.ts'

/**
 * The coverage as an LCOV tracefile: a count is the number of requests. Defines are functions; everything
 * else, implicit else too, is a branch; a line counts what its innermost branch does.
 * @param prefix is put before the files' names, e.g. `chart/`
 */
export function formatLcov(coverage: Coverage, prefix = ''): string {
  return coverage.templates
    .map(({ file, source }) => {
      const branches = coverage.branches.filter(({ branch }) => branch.file === file)
      const records = [
        ...functions(branches),
        ...branchRecords(branches),
        ...lines(source, branches),
      ]
      return ['TN:', `SF:${prefix}${file}`, ...records, 'end_of_record', ''].join('\n')
    })
    .join('')
}

function countOf({ rendering, failing }: MeasuredBranch): number {
  return rendering.length + failing.length
}

function isFunction({ kind }: Branch): boolean {
  return kind === 'define' || kind === 'block'
}

function functions(branches: readonly MeasuredBranch[]): string[] {
  const defines = branches.filter(({ branch }) => isFunction(branch))
  const name = ({ condition }: Branch): string =>
    condition.split(/\s/)[0]?.replaceAll('"', '') ?? ''
  return [
    ...defines.map(({ branch }) => `FN:${branch.line},${name(branch)}`),
    ...defines.map((entry) => `FNDA:${countOf(entry)},${name(entry.branch)}`),
    `FNF:${defines.length}`,
    `FNH:${defines.filter(isCovered).length}`,
  ]
}

/** A block is named by the branch that opens it, a branch by its place in the block. */
function branchRecords(branches: readonly MeasuredBranch[]): string[] {
  const found = branches.filter(
    ({ branch }) => (isExplicit(branch) || branch.kind === 'implicit else') && !isFunction(branch),
  )
  const counts = new Map(branches.map((entry) => [entry.branch, countOf(entry)]))
  const blocks = [...new Set(found.map(({ branch }) => branch.before[0] ?? branch))]
  return [
    ...found.map((entry) => {
      const { line, before, parent } = entry.branch
      const isReached = parent === undefined || counts.get(parent) !== 0
      const block = blocks.indexOf(before[0] ?? entry.branch)
      return `BRDA:${line},${block},${before.length},${isReached ? countOf(entry) : '-'}`
    }),
    `BRF:${found.length}`,
    `BRH:${found.filter(isCovered).length}`,
  ]
}

function lines(source: string, branches: readonly MeasuredBranch[]): string[] {
  const counts = source.split('\n').flatMap((text, index) => {
    const line = index + 1
    const entry = branches.findLast(({ branch }) => isAround(branch, line))
    if (text.trim() === '' || !entry || !isExecutable(entry.branch)) return []
    return [[line, countOf(entry)] as const]
  })
  return [
    ...counts.map(([line, count]) => `DA:${line},${count}`),
    `LF:${counts.length}`,
    `LH:${counts.filter(([, count]) => count > 0).length}`,
  ]
}

function isAround({ kind, firstLine, lastLine }: Branch, line: number): boolean {
  return kind === 'file' || (firstLine < line && line < lastLine)
}

// Between the defines of a partial nothing is executed.
function isExecutable({ kind, file }: Branch): boolean {
  return kind !== 'file' || !/(?:^|\/)_[^/]*$/.test(file)
}
