import type { MatcherState } from 'vitest'
import { formatProblem } from '../checks/rules.ts'
import { nearest } from '../objects/kinds.ts'
import type { Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { explainLater } from './explain.ts'
import { type Field, findField } from './field-path.ts'
import { isSecretField, masked, withoutSecret } from './mask.ts'
import { objectOf, type Subject } from './value-evidence.ts'

/** What a matcher says. */
interface Verdict {
  readonly pass: boolean
  readonly message: () => string
}

/** Matchers over a render; what fails is explained when the test is over. */
export const diagnosisMatchers: {
  readonly toHaveField: typeof toHaveField
  readonly toHaveNoProblems: typeof toHaveNoProblems
} = { toHaveField, toHaveNoProblems }

function toHaveField(
  this: MatcherState,
  render: Render,
  object: string,
  path: string,
  ...values: readonly unknown[]
): Verdict {
  const found = objectOf(render, object)
  if (!found) return fail(this, render, [{ object }], missingObject(render, object))
  const field = findField(found, path)
  const pass = field.isThere && (values.length === 0 || this.equals(field.value, values[0]))
  if (pass !== isNegated(this)) return { pass, message: () => '' }
  const show = (value: unknown): string => {
    return isSecretField(object, path) ? masked : shorten(this.utils.stringify(value))
  }
  const expected = values.length === 0 ? 'a value' : show(values[0])
  const actual = field.isThere ? show(field.value) : whatIsThere(field)
  const what = isNegated(this)
    ? `expected not ${expected}, found it`
    : `expected ${expected}, found ${actual}`
  return fail(this, render, [{ object, path }], `${object} ${path}: ${what}`)
}

function toHaveNoProblems(
  this: MatcherState,
  render: Render,
  problems: readonly Problem[],
): Verdict {
  const pass = problems.length === 0
  if (pass !== isNegated(this)) return { pass, message: () => '' }
  if (pass) return fail(this, render, [], 'expected problems, found none')
  return fail(this, render, problems, tell(problems))
}

// Vitest leaves `isNot` out where there is no `not`.
function isNegated({ isNot }: MatcherState): boolean {
  return Boolean(isNot)
}

// With `not` a failure is a pass.
function fail(
  state: MatcherState,
  render: Render,
  subjects: readonly Subject[],
  message: string,
): Verdict {
  const explained = distinct(subjects).slice(0, mostExplained)
  const say = (): string => {
    explainLater(message, render, explained)
    return message
  }
  return { pass: isNegated(state), message: say }
}

const mostExplained = 3
const mostTold = 20
const widest = 300

function distinct(subjects: readonly Subject[]): Subject[] {
  const byPlace = new Map(
    subjects.map(({ object, path }) => [`${object} ${path}`, { object, path }]),
  )
  return [...byPlace.values()].map(({ object, path }) => ({
    object,
    ...(path === undefined ? {} : { path }),
  }))
}

function missingObject(render: Render, object: string): string {
  const names = render.objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
  return `${object} was not rendered. Nearest: ${nearest(object, names).join(', ') || 'no objects at all'}.`
}

function whatIsThere({ steps, value }: Field): string {
  const above = steps.length === 0 ? 'it' : String(steps.at(-1))
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isMap ? `nothing; ${above} has ${Object.keys(value).join(', ')}` : 'nothing'
}

function tell(problems: readonly Problem[]): string {
  const more = problems.length - mostTold
  return [
    problems.length === 1 ? '1 problem' : `${problems.length} problems`,
    ...problems.slice(0, mostTold).map((problem) => formatProblem(withoutSecret(problem))),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ].join('\n')
}

function shorten(text: string): string {
  return text.length > widest ? `${text.slice(0, widest)}…` : text
}
