import { nameOf } from '../objects/manifests.ts'
import type { ObjectBase, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'

/** A fact that must hold for every subject of a render. */
export interface Rule {
  readonly name: string
  /** Checks one render; says how many subjects it met. */
  run(render: Render): { readonly problems: readonly Problem[]; readonly visited: number }
}

/** What a check may say about a subject: nothing, one sentence, or problems with their places. */
export type Verdict = string | undefined | readonly Problem[]

/** What a rule can be about: an object, or a view (a pod, a container) with the object that owns it. */
export type RuleSubject = ObjectBase | { readonly owner: ObjectBase; readonly path?: string }

/** How a rule is written down. */
export interface RuleDefinition<T> {
  readonly name: string
  /** What the rule is about, e.g. `(render) => render.containers()`; may be empty in one render. */
  readonly appliesTo: (render: Render) => readonly T[]
  readonly check: (subject: T, render: Render) => Verdict
}

/** What running rules over one render gave. */
export interface RuleResults {
  readonly problems: readonly Problem[]
  /** Subjects met, by rule; the totals over a whole matrix must not be 0. */
  readonly visited: Readonly<Record<string, number>>
}

/** Makes a rule. A subject is an object, or a view with an `owner` (a pod, a container). */
export function defineRule<T extends RuleSubject>(definition: RuleDefinition<T>): Rule {
  const { name, appliesTo, check } = definition
  return {
    name,
    run: (render) => {
      const subjects = appliesTo(render)
      const problems = subjects.flatMap((subject) =>
        asProblems(name, subject, check(subject, render)),
      )
      return { problems, visited: subjects.length }
    },
  }
}

function asProblems(rule: string, subject: RuleSubject, verdict: Verdict): readonly Problem[] {
  if (verdict === undefined) return []
  if (typeof verdict !== 'string') return verdict
  if (!isView(subject)) return [{ rule, object: nameOf(subject), message: verdict }]
  const path = subject.path === undefined ? {} : { path: subject.path }
  return [{ rule, object: nameOf(subject.owner), ...path, message: verdict }]
}

function isView(subject: RuleSubject): subject is Exclude<RuleSubject, ObjectBase> {
  return 'owner' in subject && !('kind' in subject)
}

/** Runs every rule over the render. */
export function runRules(render: Render, rules: readonly Rule[]): RuleResults {
  const problems: Problem[] = []
  const visited: Record<string, number> = {}
  for (const rule of rules) {
    if (visited[rule.name] !== undefined) throw new Error(`two rules are called ${rule.name}`)
    const result = rule.run(render)
    problems.push(...result.problems)
    visited[rule.name] = result.visited
  }
  return { problems, visited }
}

/** Adds up the visits of many renders. */
export function addVisits(
  all: Iterable<Readonly<Record<string, number>>>,
): Readonly<Record<string, number>> {
  const totals: Record<string, number> = {}
  for (const visited of all) {
    for (const [rule, count] of Object.entries(visited)) totals[rule] = (totals[rule] ?? 0) + count
  }
  return totals
}

/** The rules that met nothing anywhere: they prove nothing. */
export function emptyRules(totals: Readonly<Record<string, number>>): string[] {
  return Object.keys(totals)
    .filter((rule) => totals[rule] === 0)
    .sort()
}

/** A problem as one line: rule, object, place, message. */
export function formatProblem({ rule, object, path, message }: Problem): string {
  return `${rule}: ${object}${path === undefined ? '' : ` ${path}`}: ${message}`
}
