import type { Render } from '../render/render.ts'
import {
  describeOtherChanges,
  describeOtherRestarts,
  describeUnsafe,
  type SafetyOptions,
} from './expectations.ts'

/** What vitest wants to know of a matcher's verdict. */
export interface MatcherResult {
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
    const after = onlyAffirmed(this, 'toUpgradeSafelyFrom', next, instead)
    return verdict('the upgrade is not safe:', describeUnsafe(previous, after, options))
  },
  toChangeOnly(
    this: MatcherContext,
    next: unknown,
    base: Render,
    changes: readonly string[],
  ): MatcherResult {
    const after = onlyAffirmed(this, 'toChangeOnly', next, 'list the changes.')
    return verdict('the changes are others:', describeOtherChanges(base, after, changes))
  },
  toRestartOnly(
    this: MatcherContext,
    next: unknown,
    base: Render,
    workloads: readonly string[],
  ): MatcherResult {
    const after = onlyAffirmed(this, 'toRestartOnly', next, 'list the workloads.')
    return verdict('the restarts are others:', describeOtherRestarts(base, after, workloads))
  },
}

/** "Not exactly these" is true of almost everything, and so proves nothing. */
function onlyAffirmed(
  { isNot }: MatcherContext,
  name: string,
  next: unknown,
  instead: string,
): Render {
  if (isNot) throw new Error(`.not.${name} would pass for any other reason, too: ${instead}`)
  if (isRender(next)) return next
  throw new Error(`expect(…).${name} takes a render, as chart.render() gives it.`)
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
