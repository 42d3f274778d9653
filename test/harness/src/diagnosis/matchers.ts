import type { MatcherState } from 'vitest'
import { formatProblem } from '../checks/rules.ts'
import { nearest } from '../objects/kinds.ts'
import { isRecord, nameOf, objectOf } from '../objects/manifests.ts'
import { type Field, findField } from '../objects/paths.ts'
import type { Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'
import { explainLater } from './explain.ts'
import { isSecretField, masked, withoutSecret } from './mask.ts'
import type { Subject } from './value-evidence.ts'

/** What a matcher says. */
export interface Verdict {
  readonly pass: boolean
  readonly message: () => string
}

/** Matchers over a render; what fails is explained when the test is over. */
export const diagnosisMatchers = { toHaveField, toHaveNoProblems } as const

const mostExplained = 3
const mostListed = 20
const widest = 300

function toHaveField(
  this: MatcherState,
  render: Render,
  object: string,
  path: string,
  ...values: readonly unknown[]
): Verdict {
  const found = objectOf(render.objects, object)
  if (!found) {
    const near = nearest(object, render.objects.map(nameOf)).join(', ') || 'no objects at all'
    return fail(this, render, [{ object }], `${object} was not rendered. Nearest: ${near}.`)
  }
  const field = findField(found, path)
  const pass = field.isThere && (values.length === 0 || this.equals(field.value, values[0]))
  if (pass !== Boolean(this.isNot)) return { pass, message: () => '' }
  const show = (value: unknown): string => {
    if (isSecretField(object, path)) return masked
    const text = this.utils.stringify(value)
    return text.length > widest ? `${text.slice(0, widest)}…` : text
  }
  const expected = values.length === 0 ? 'a value' : show(values[0])
  const what = this.isNot
    ? `expected not ${expected}, found it`
    : `expected ${expected}, found ${field.isThere ? show(field.value) : whatIsThere(field)}`
  return fail(this, render, [{ object, path }], `${object} ${path}: ${what}`)
}

function toHaveNoProblems(
  this: MatcherState,
  render: Render,
  problems: readonly Problem[],
): Verdict {
  const pass = problems.length === 0
  if (pass !== Boolean(this.isNot)) return { pass, message: () => '' }
  if (pass) return fail(this, render, [], 'expected problems, found none')
  const more = problems.length - mostListed
  const lines = [
    problems.length === 1 ? '1 problem' : `${problems.length} problems`,
    ...problems.slice(0, mostListed).map((problem) => formatProblem(withoutSecret(problem))),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ]
  return fail(this, render, problems, lines.join('\n'))
}

/** The verdict of a failure: with `not`, vitest fails what passes. */
function fail(
  { isNot }: MatcherState,
  render: Render,
  subjects: readonly Subject[],
  message: string,
): Verdict {
  const places = new Map(subjects.map((subject) => [`${subject.object} ${subject.path}`, subject]))
  const say = (): string => {
    explainLater(message, render, [...places.values()].slice(0, mostExplained))
    return message
  }
  return { pass: Boolean(isNot), message: say }
}

function whatIsThere({ steps, value }: Field): string {
  const above = steps.length === 0 ? 'it' : String(steps.at(-1))
  return isRecord(value) ? `nothing; ${above} has ${Object.keys(value).join(', ')}` : 'nothing'
}
