import { formatProblem } from '../checks/rules.ts'
import { isSecretField } from '../diagnosis/mask.ts'
import { nearest } from '../objects/kinds.ts'
import { hookOf, nameOf } from '../objects/manifests.ts'
import type { Manifest } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { checkUpgrade, type UpgradeOptions } from './check-upgrade.ts'
import { type Change, diffValues, matchObjects } from './diff.ts'
import { show, type UpgradeProblem } from './finding.ts'
import { isRestart } from './workloads.ts'

/** A reason why an upgrade is not safe that somebody has seen and accepts. */
export interface Allowance {
  /** `Kind/name`; `*` stands for any text. */
  readonly object: string
  /** The place in the object; all places when it is left out. */
  readonly path?: string
  /** Why it does no harm. */
  readonly reason: string
}

/** How `toUpgradeSafelyFrom` judges. */
export interface SafetyOptions extends UpgradeOptions {
  readonly allow?: readonly Allowance[]
}

/** What vitest wants to know of a matcher's verdict. */
interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

interface MatcherContext {
  readonly isNot?: boolean
}

/** The matchers that compare two renders of one release; `expect.extend` takes them. */
export const upgradeMatchers = {
  toUpgradeSafelyFrom(
    this: MatcherContext,
    next: unknown,
    previous: Render,
    options: SafetyOptions = {},
  ): MatcherResult {
    const instead = 'expect what checkUpgrade(previous, next) finds.'
    const after = comparable(this, 'toUpgradeSafelyFrom', previous, next, instead)
    return verdict('the upgrade is not safe:', describeUnsafe(previous, after, options))
  },
  toChangeOnly(
    this: MatcherContext,
    next: unknown,
    base: Render,
    changes: readonly string[],
  ): MatcherResult {
    const after = comparable(this, 'toChangeOnly', base, next, 'list the changes.')
    return verdict('the changes are different:', describeOtherChanges(base, after, changes))
  },
  toRestartOnly(
    this: MatcherContext,
    next: unknown,
    base: Render,
    workloads: readonly string[],
  ): MatcherResult {
    const after = comparable(this, 'toRestartOnly', base, next, 'list the workloads.')
    return verdict('the restarts are different:', describeOtherRestarts(base, after, workloads))
  },
}

/** Checks that the two are renders of one release, and that no `not` comes before the matcher. */
function comparable(
  { isNot }: MatcherContext,
  name: string,
  before: Render,
  after: unknown,
  instead: string,
): Render {
  // "Not exactly these" is true of almost everything, and so proves nothing.
  if (isNot) throw new Error(`.not.${name} would pass for any other reason, too: ${instead}`)
  if (!isRender(after))
    throw new Error(`expect(…).${name} takes a render, as chart.render() returns it.`)
  if (before === after) throw new Error('a render is compared with itself: nothing can differ.')
  for (const key of ['release', 'namespace'] as const) {
    if (before[key] === after[key]) continue
    throw new Error(
      `the renders are of different ${key}s (${before[key]}, ${after[key]}): that is not an upgrade. Render both alike.`,
    )
  }
  return after
}

function isRender(value: unknown): value is Render {
  return typeof value === 'object' && value !== null && 'objects' in value && 'release' in value
}

function verdict(title: string, lines: readonly string[]): MatcherResult {
  return {
    pass: lines.length === 0,
    message: () => [title, ...lines.map((line) => `  ${line}`)].join('\n'),
  }
}

function describeUnsafe(before: Render, after: Render, options: SafetyOptions): string[] {
  const { allow = [] } = options
  const problems = checkUpgrade(before, after, options)
  const open = problems.filter((problem) => !allow.some((one) => covers(one, problem)))
  const unused = allow.filter((one) => !problems.some((problem) => covers(one, problem)))
  const empty = allow.filter(({ reason }) => reason.trim() === '')
  const name = ({ object, path }: Allowance): string =>
    path === undefined ? object : `${object}: ${path}`
  return [
    ...open.map((problem) => `${problem.effect} ${formatProblem(problem)}${from(problem)}`),
    ...unused.map((one) => `the allowance for ${name(one)} is not needed. Remove it`),
    ...empty.map((one) => `the allowance for ${name(one)} gives no reason. Write one`),
  ]
}

function covers({ object, path }: Allowance, problem: UpgradeProblem): boolean {
  return fits(problem.object, object) && (path === undefined || fits(problem.path ?? '', path))
}

function from({ source }: { readonly source: string }): string {
  return source === '' ? '' : ` (${source})`
}

/** Where the changes differ from what the patterns expect; empty when they agree. */
function describeOtherChanges(
  before: Render,
  after: Render,
  expected: readonly string[],
): string[] {
  const { added, removed, pairs } = matchObjects(before, after)
  const whole = (sign: string, object: Manifest) => ({
    line: `${sign} ${nameOf(object)}`,
    text: `${sign} ${nameOf(object)}${from(object)}`,
  })
  // Each change is a line: `+ Kind/name`, `- Kind/name`, or `Kind/name: path`.
  const changes = [
    ...added.map((object) => whole('+', object)),
    ...removed.map((object) => whole('-', object)),
    ...pairs.flatMap(({ was, now }) =>
      diffValues(was, now).map((change) => {
        const line = `${nameOf(now)}: ${change.path}`
        return { line, text: `${nameOf(now)}: ${describeChange(now, change)}${from(now)}` }
      }),
    ),
  ]
  const { unexpected, unused } = matchLines(changes, expected, ({ line }) => line)
  const lines = changes.map(({ line }) => line)
  return [
    ...unexpected.map(({ text }) => `changes, and is not expected: ${text}`),
    ...unused.map((one) => `is expected, and does not change: ${one}${near(one, lines)}`),
  ]
}

function describeChange(object: Manifest, { path, before, after }: Change): string {
  const isSecret = isSecretField(nameOf(object), path)
  return `${path}: ${isSecret ? 'differs (not shown)' : `${show(before)} → ${show(after)}`}`
}

/** Where the restarts differ from what the patterns expect; empty when they agree. */
function describeOtherRestarts(
  before: Render,
  after: Render,
  expected: readonly string[],
): string[] {
  const { pairs } = matchObjects(before, after)
  const restarts = pairs.filter(isRestart)
  const { unexpected, unused } = matchLines(restarts, expected, ({ now }) => nameOf(now))
  const names = pairs.filter(({ now }) => !hookOf(now)).map(({ now }) => nameOf(now))
  return [
    ...unexpected.map(({ was, now }) => {
      const changes = diffValues(was, now).filter(({ path }) => path.startsWith('spec.template'))
      const shown = changes.slice(0, 3).map((one) => describeChange(now, one))
      const more = changes.length > 3 ? `, and ${changes.length - 3} more` : ''
      return `restarts, and is not expected: ${nameOf(now)}: ${shown.join(', ')}${more}${from(now)}`
    }),
    ...unused.map((one) => {
      const hint = names.includes(one) ? '' : near(one, names)
      return `is expected, and does not restart: ${one}${hint}`
    }),
  ]
}

function near(wanted: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `. Nearest: ${nearest(wanted, lines).join(', ')}`
}

/** Compares in both directions: things that no pattern names, and patterns that name nothing. */
function matchLines<T>(
  things: readonly T[],
  patterns: readonly string[],
  lineOf: (thing: T) => string,
): { readonly unexpected: readonly T[]; readonly unused: readonly string[] } {
  return {
    unexpected: things.filter((one) => !patterns.some((pattern) => fits(lineOf(one), pattern))),
    unused: patterns.filter((pattern) => !things.some((one) => fits(lineOf(one), pattern))),
  }
}

/** Whether the text fits the pattern, in which `*` stands for any text. */
function fits(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text)
}
