import fc, { type Arbitrary } from 'fast-check'
import { formatPath, type Path } from '../objects/paths.ts'
import type { Chart } from '../render/chart.ts'
import { type Suggestions, suggestionsFor } from './arbitrary.ts'
import { concretePath } from './contexts.ts'
import {
  explore,
  type FuzzCase,
  type FuzzOptions,
  type FuzzReport,
  type Judgement,
} from './explore.ts'
import { nameOf, type ValuesKey } from './keys.ts'
import { findingIn, judgeOutcome } from './oracle.ts'
import { openSurroundings, type Profile, type Surroundings } from './surroundings.ts'
import { renderOne } from './trials.ts'
import type { ValuesSchema } from './values-schema.ts'

/** Renders random values that the schema accepts, and judges what comes out. */
export async function fuzzValues(chart: Chart, options: FuzzOptions): Promise<FuzzReport> {
  const around = openSurroundings(chart, options)
  const cases = validCases(around, options.profiles)
  return explore(
    cases,
    async (values, _, run) => {
      if (!around.takes(values)) return { findings: [], isRefused: true }
      return judgeValid(chart, values, options, run % 4 === 0)
    },
    options,
  )
}

async function judgeValid(
  chart: Chart,
  values: object,
  { request = {}, oracle = {} }: FuzzOptions,
  isTwice: boolean,
): Promise<Judgement> {
  const wanted = { ...request, values, showNotes: true, schema: 'skip' } as const
  const outcome = await renderOne(chart, wanted)
  const findings = judgeOutcome(outcome, values, oracle)
  if (!outcome.render) return { findings, isRefused: true }
  if (!isTwice) return { findings, isRefused: false }
  const again = await renderOne(chart, { ...wanted, apis: [...(request.apis ?? []), twin] })
  if (outcome.render.text === again.render?.text) return { findings, isRefused: false }
  const differs = findingIn(outcome, 'deterministic', 'two renders of the same values differ')
  return { findings: [...findings, differs], isRefused: false }
}

// With a different flag it is rendered in a different process.
const twin = 'chart-harness.example/again'

interface Setting {
  readonly key: ValuesKey
  readonly value: unknown
}

const mostSettings = 5

/** Random values that the schema accepts, over one of the profiles. */
function validCases(around: Surroundings, profiles: readonly Profile[]): Arbitrary<FuzzCase> {
  return fc
    .record({
      profile: fc.constantFrom(...profiles),
      settings: fc.array(settings(around), { minLength: 1, maxLength: mostSettings }),
    })
    .map(({ profile, settings: chosen }) => caseOf(profile, chosen, around))
    .filter(({ values }) => around.takes(values))
}

/** A key with a value. There are thousands of keys, and most runs need few: arbitraries are made when they are. */
function settings({ keys: all, suggestions, make }: Surroundings): Arbitrary<Setting> {
  const keys = all.filter((key) => isSettable(key, suggestions))
  const chance = chancesOf(keys)
  return fc.oneof(
    ...keys.map((key) => ({
      weight: Math.max(1, Math.round(chance(key.path) * 1e6)),
      arbitrary: fc.constant(key).chain(() => make(key).map((value) => ({ key, value }))),
    })),
  )
}

/** How likely a random walk from the root comes to a key. */
function chancesOf(keys: readonly ValuesKey[]): (path: Path) => number {
  const children = new Map<string, number>()
  for (const { path } of keys) {
    const parent = JSON.stringify(path.slice(0, -1))
    children.set(parent, (children.get(parent) ?? 0) + 1)
  }
  return (path) =>
    path.reduce<number>((product, _, index) => {
      return product / (children.get(JSON.stringify(path.slice(0, index))) ?? 1)
    }, 1)
}

// Below a place with suggestions only whole suggestions make sense.
function isSettable({ path }: ValuesKey, suggestions: Suggestions): boolean {
  const above = path.map((_, index) => nameOf(path.slice(0, index)))
  return !above.some((name) => name !== '' && suggestionsFor(name, suggestions))
}

function caseOf(profile: Profile, chosen: readonly Setting[], schema: ValuesSchema): FuzzCase {
  const changes: string[] = []
  let values = profile.values
  for (const { key, value } of chosen) {
    const path = concretePath(key, values, schema)
    values = schema.write(values, path, value)
    changes.push(`${formatPath(path)}: ${JSON.stringify(value)}`)
  }
  return { profile: profile.name, values, changes }
}
