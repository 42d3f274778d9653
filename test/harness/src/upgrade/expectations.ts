// What the matchers of matchers.ts compare, without vitest.

import { formatProblem } from '../checks/rules.ts'
import { isSecretField } from '../diagnosis/mask.ts'
import { nearest } from '../objects/kinds.ts'
import { hookOf, nameOf } from '../objects/manifests.ts'
import type { Manifest } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { checkUpgrade, matchObjects, type UpgradeOptions } from './check-upgrade.ts'
import { show, type UpgradeProblem } from './finding.ts'
import { fits, matchLines } from './patterns.ts'
import { type Change, diffValues } from './value-diff.ts'
import { isRestart } from './workload-changes.ts'

/** A reason why an upgrade is not safe that one has seen, and accepts. */
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

/** What is wrong with an upgrade; empty when it is safe. */
export function describeUnsafe(before: Render, after: Render, options: SafetyOptions): string[] {
  refuseOthers(before, after)
  const { allow = [] } = options
  const problems = checkUpgrade(before, after, options)
  const empty = allow.filter(({ reason }) => reason.trim() === '')
  const open = problems.filter((problem) => !allow.some((one) => covers(one, problem)))
  const unused = allow.filter((one) => !problems.some((problem) => covers(one, problem)))
  return [
    ...open.map(describeProblem),
    ...unused.map((one) => `the allowance for ${nameAllowance(one)} is not needed. Remove it`),
    ...empty.map((one) => `the allowance for ${nameAllowance(one)} gives no reason. Write one`),
  ]
}

function covers({ object, path }: Allowance, problem: UpgradeProblem): boolean {
  return fits(problem.object, object) && (path === undefined || fits(problem.path ?? '', path))
}

function nameAllowance({ object, path }: Allowance): string {
  return path === undefined ? object : `${object}: ${path}`
}

function describeProblem(problem: UpgradeProblem): string {
  return `${problem.effect} ${formatProblem(problem)}${from(problem.source)}`
}

function from(source: string): string {
  return source === '' ? '' : ` (${source})`
}

interface ObjectChange {
  readonly line: string
  readonly text: string
}

/** Where the changes differ from what the patterns expect; empty when they agree. */
export function describeOtherChanges(
  before: Render,
  after: Render,
  expected: readonly string[],
): string[] {
  refuseOthers(before, after)
  const changes = changesOf(before, after)
  const { unexpected, unused } = matchLines(changes, expected, ({ line }) => line)
  const lines = changes.map(({ line }) => line)
  return [
    ...unexpected.map(({ text }) => `changes, and is not expected: ${text}`),
    ...unused.map(
      (pattern) => `is expected, and does not change: ${pattern}${near(pattern, lines)}`,
    ),
  ]
}

/** Each change as a line: `+ Kind/name`, `- Kind/name`, or `Kind/name: path`. */
function changesOf(before: Render, after: Render): ObjectChange[] {
  const { added, removed, pairs } = matchObjects(before, after)
  const whole = (sign: string, object: Manifest): ObjectChange => {
    const line = `${sign} ${nameOf(object)}`
    return { line, text: `${line}${from(object.source)}` }
  }
  return [
    ...added.map((object) => whole('+', object)),
    ...removed.map((object) => whole('-', object)),
    ...pairs.flatMap(({ was, now }) =>
      diffValues(was, now).map((change) => {
        const line = `${nameOf(now)}: ${change.path}`
        return { line, text: `${line}: ${showChange(now, change)}${from(now.source)}` }
      }),
    ),
  ]
}

function showChange(object: Manifest, { path, before, after }: Change): string {
  return isSecretField(nameOf(object), path)
    ? 'differs (not shown)'
    : `${show(before)} → ${show(after)}`
}

/** Where the restarts differ from what the patterns expect; empty when they agree. */
export function describeOtherRestarts(
  before: Render,
  after: Render,
  expected: readonly string[],
): string[] {
  refuseOthers(before, after)
  const pairs = matchObjects(before, after).pairs
  const restarts = pairs.filter(({ was, now }) => isRestart(was, now))
  const { unexpected, unused } = matchLines(restarts, expected, ({ now }) => nameOf(now))
  const names = pairs.filter(({ now }) => !hookOf(now)).map(({ now }) => nameOf(now))
  return [
    ...unexpected.map(({ was, now }) => {
      const changes = diffValues(was, now).filter(({ path }) => path.startsWith('spec.template'))
      const shown = changes.slice(0, 3).map((one) => `${one.path}: ${showChange(now, one)}`)
      const more = changes.length > 3 ? `, and ${changes.length - 3} more` : ''
      return `restarts, and is not expected: ${nameOf(now)}: ${shown.join(', ')}${more}${from(now.source)}`
    }),
    ...unused.map(
      (pattern) =>
        `is expected, and does not restart: ${pattern}${names.includes(pattern) ? '' : near(pattern, names)}`,
    ),
  ]
}

function near(wanted: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `. Nearest: ${nearest(wanted, lines).join(', ')}`
}

/** Only two renders of one release are an upgrade. */
function refuseOthers(before: Render, after: Render): void {
  if (before === after) throw new Error('a render is compared with itself: nothing can differ.')
  for (const key of ['release', 'namespace'] as const) {
    if (before[key] === after[key]) continue
    throw new Error(
      `the renders are of different ${key}s (${before[key]}, ${after[key]}): that is no upgrade. Render both alike.`,
    )
  }
}
