import type { MatcherState } from 'vitest'
import { formatProblem } from '../checks/rules.ts'
import { isSecretField } from '../diagnosis/mask.ts'
import type { Verdict } from '../diagnosis/matchers.ts'
import { nearest } from '../objects/kinds.ts'
import { hookOf, nameOf } from '../objects/manifests.ts'
import type { Manifest } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { checkUpgrade, type UpgradeOptions } from './check-upgrade.ts'
import { type Change, diffValues, matchObjects, show, type UpgradeProblem } from './finding.ts'
import { isRestart } from './workloads.ts'

/** A reason why an upgrade is not safe that somebody has seen and accepts. */
export interface Allowance {
  /** `Kind/name`; `*` matches any text. */
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

/** The matchers that compare two renders of one release; `expect.extend` takes them. */
export const upgradeMatchers = { toUpgradeSafelyFrom, toChangeOnly, toRestartOnly } as const

function toUpgradeSafelyFrom(
  this: MatcherState,
  next: unknown,
  previous: Render,
  options: SafetyOptions = {},
): Verdict {
  const instead = 'expect what checkUpgrade(previous, next) finds.'
  const after = comparable(this, 'toUpgradeSafelyFrom', previous, next, instead)
  return verdict('the upgrade is not safe:', describeUnsafe(previous, after, options))
}

type Names = readonly string[]

function toChangeOnly(this: MatcherState, next: unknown, base: Render, expected: Names): Verdict {
  const after = comparable(this, 'toChangeOnly', base, next, 'list the changes.')
  const changes = changesOf(base, after)
  const lines = changes.map(({ line }) => line)
  return verdict('the changes are different:', differences('change', changes, expected, lines))
}

function toRestartOnly(this: MatcherState, next: unknown, base: Render, expected: Names): Verdict {
  const after = comparable(this, 'toRestartOnly', base, next, 'list the workloads.')
  const restarts = restartsOf(base, after)
  const names = after.objects.filter((object) => !hookOf(object)).map(nameOf)
  return verdict('the restarts are different:', differences('restart', restarts, expected, names))
}

/** Checks that the two are renders of one release, and that no `not` comes before the matcher. */
function comparable(
  { isNot }: MatcherState,
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

function verdict(title: string, lines: readonly string[]): Verdict {
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
    ...empty.map((one) => `the allowance for ${name(one)} has no reason. Write one`),
  ]
}

function covers({ object, path }: Allowance, problem: UpgradeProblem): boolean {
  return fits(problem.object, object) && (path === undefined || fits(problem.path ?? '', path))
}

function from({ source }: { readonly source: string }): string {
  return source === '' ? '' : ` (${source})`
}

/** What happens: the line that patterns are about, and the text that a person sees. */
interface Event {
  readonly line: string
  readonly text: string
}

/** Each change as a line: `+ Kind/name`, `- Kind/name`, or `Kind/name: path`. */
function changesOf(before: Render, after: Render): Event[] {
  const { added, removed, pairs } = matchObjects(before, after)
  const whole = (sign: string) => (object: Manifest) => {
    const line = `${sign} ${nameOf(object)}`
    return { line, text: `${line}${from(object)}` }
  }
  const changes = pairs.flatMap(({ was, now }) =>
    diffValues(was, now).map((change) => ({
      line: `${nameOf(now)}: ${change.path}`,
      text: `${nameOf(now)}: ${describeChange(now, change)}${from(now)}`,
    })),
  )
  return [...added.map(whole('+')), ...removed.map(whole('-')), ...changes]
}

/** The workloads whose pods are replaced, with the first changes that do it. */
function restartsOf(before: Render, after: Render): Event[] {
  const restarts = matchObjects(before, after).pairs.filter(isRestart)
  return restarts.map(({ was, now }) => {
    const changes = diffValues(was, now).filter(({ path }) => path.startsWith('spec.template'))
    const shown = changes.slice(0, 3).map((one) => describeChange(now, one))
    const more = changes.length > 3 ? `, and ${changes.length - 3} more` : ''
    const line = nameOf(now)
    return { line, text: `${line}: ${shown.join(', ')}${more}${from(now)}` }
  })
}

function describeChange(object: Manifest, { path, before, after }: Change): string {
  const isSecret = isSecretField(nameOf(object), path)
  return `${path}: ${isSecret ? 'differs (not shown)' : `${show(before)} → ${show(after)}`}`
}

/** Compares in both directions: events that no pattern names, and patterns that name no event. */
function differences(
  verb: 'change' | 'restart',
  events: readonly Event[],
  expected: Names,
  candidates: Names,
): string[] {
  const unexpected = events.filter(({ line }) => !expected.some((pattern) => fits(line, pattern)))
  const unused = expected.filter((pattern) => !events.some(({ line }) => fits(line, pattern)))
  return [
    ...unexpected.map(({ text }) => `${verb}s, and is not expected: ${text}`),
    ...unused.map((pattern) => {
      const isKnown = candidates.length === 0 || candidates.includes(pattern)
      const near = isKnown ? '' : `. Nearest: ${nearest(pattern, candidates).join(', ')}`
      return `is expected, and does not ${verb}: ${pattern}${near}`
    }),
  ]
}

/** Whether the text fits the pattern, in which `*` matches any text. */
function fits(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text)
}
