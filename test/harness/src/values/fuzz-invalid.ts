import fc, { type Arbitrary } from 'fast-check'
import type { SchemaViolation } from '../checks/schema-violations.ts'
import { formatPath, type Path, valueAt } from '../objects/paths.ts'
import type { Chart, Outcome } from '../render/chart.ts'
import { describeFailure } from '../render/helm-errors.ts'
import { concretePath } from './contexts.ts'
import {
  explore,
  type FuzzCase,
  type FuzzOptions,
  type FuzzReport,
  type Judgement,
} from './explore.ts'
import type { ValuesKey } from './keys.ts'
import { type Finding, findingIn, judgeOutcome, masked } from './oracle.ts'
import { type JsonType, typeOf } from './schema.ts'
import { openSurroundings, type Profile } from './surroundings.ts'
import { renderOne } from './trials.ts'
import type { ValuesSchema } from './values-schema.ts'

/** What to try; ajv reads the schema, and for some cases Helm does as well. */
export interface InvalidFuzzOptions extends FuzzOptions {
  /** This many cases, drawn by the seed, are also given to `helm template` of each of these majors. Default: none. */
  readonly throughHelm?: { readonly cases: number; readonly helms: readonly (3 | 4)[] }
}

/** Renders values with one mistake: the schema or a rule must refuse them, and name the key. */
export async function fuzzInvalidValues(
  chart: Chart,
  options: InvalidFuzzOptions,
): Promise<FuzzReport> {
  const schema = openSurroundings(chart, options)
  const chosen = runsForHelm(options)
  return explore(
    invalidCases(schema, options.profiles),
    async (values, { mistake = [] }, run) => {
      const wrong = { values, mistake, violations: schema.violations(values) }
      const judgement = await judgeByAjv(chart, wrong, options)
      if (!chosen.has(run)) return judgement
      const findings = await judgeByHelm(chart, wrong, options)
      return { ...judgement, findings: [...judgement.findings, ...findings] }
    },
    options,
  )
}

/** Values, the key in them that is wrong, and what ajv says; a null that removes a default may be legal. */
interface Wrong {
  readonly values: object
  readonly mistake: Path
  readonly violations: readonly SchemaViolation[]
}

function runsForHelm({ runs, seed, throughHelm }: InvalidFuzzOptions): ReadonlySet<number> {
  const length = Math.min(runs, throughHelm?.cases ?? 0)
  const all = Array.from({ length: runs }, (_, run) => run)
  const some = fc.shuffledSubarray(all, { minLength: length, maxLength: length })
  return new Set(fc.sample(some, { seed, numRuns: 1 })[0])
}

async function judgeByAjv(
  chart: Chart,
  { values, mistake, violations }: Wrong,
  { request = {}, oracle = {} }: InvalidFuzzOptions,
): Promise<Judgement> {
  const isRefused = violations.length > 0
  if (isRefused && violations.some(({ path }) => isAt(mistake, path))) {
    return { findings: [], isRefused }
  }
  const outcome = await renderOne(chart, {
    ...{ ...request, values, schema: isRefused ? 'helm' : 'skip' },
  })
  const findings = isRefused
    ? [unnamed(outcome, 'the schema', mistake, violations.map(inWords).join('; '))]
    : [...judgeOutcome(outcome, values, oracle), ...namelessRefusal('the chart', outcome, mistake)]
  return { findings, isRefused: isRefused || !outcome.render }
}

/** Each Helm reads the schema with a different library, and neither is ajv. */
async function judgeByHelm(
  chart: Chart,
  { values, mistake, violations }: Wrong,
  { request = {}, throughHelm }: InvalidFuzzOptions,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const helm of throughHelm?.helms ?? []) {
    const outcome = await renderOne(chart, { ...request, values, helm, schema: 'helm' })
    const [violation] = violations
    if (outcome.render && violation) {
      const message = `Helm ${helm} accepts what the schema refuses: ${inWords(violation)}`
      const signature = `accepted ${helm} ${masked(violation.message)}`
      findings.push(findingIn(outcome, signature, message))
    }
    if (outcome.failure) findings.push(...judgeOutcome(outcome, values, {}))
    findings.push(...namelessRefusal(`Helm ${helm}`, outcome, mistake))
  }
  return findings
}

function namelessRefusal(who: string, outcome: Outcome, mistake: Path): Finding[] {
  const { failure } = outcome
  if (failure?.kind !== 'fail' && failure?.kind !== 'schema') return []
  const said = failure.violations?.map(({ path }) => path) ?? failure.cause.split(/[^\w.[\]/-]+/)
  const isNamed = said.some((path) => isAt(mistake, path))
  return isNamed ? [] : [unnamed(outcome, who, mistake, describeFailure(failure))]
}

function unnamed(outcome: Outcome, who: string, mistake: Path, text: string): Finding {
  const message = `${who} refuses ${formatPath(mistake)} without naming it: ${text}`
  return findingIn(outcome, `unnamed ${who} ${masked(text)}`, message)
}

function inWords({ path, message }: SchemaViolation): string {
  return `${path || '(root)'} ${message}`
}

/** Whether the text is the path of the key, or of something in it. */
function isAt(key: Path, text: string): boolean {
  const path = text.replaceAll(/\[(\d+)\]/g, '.$1').replace(/[.:]+$/, '')
  return `${path}.`.startsWith(`${key.join('.')}.`)
}

const ofEachType: Readonly<Record<Exclude<JsonType, 'integer'>, unknown>> = {
  array: ['wrong'],
  boolean: true,
  null: null,
  number: 7.5,
  object: { wrong: 'wrong' },
  string: 'wrong',
}

type WrongValues = (key: ValuesKey, defaults: object) => readonly unknown[]

/** The ways to break a key, and the wrong values for it. */
const mistakes: Readonly<Record<string, WrongValues>> = {
  'wrong type': (key, defaults) => {
    const types = typesOf(key, defaults)
    return Object.values(ofEachType).filter((value) => !types.has(typeOf(value)))
  },
  'unknown value': ({ node }) => (node.allowed ? ['wrong', 'yes', ''] : []),
  'out of range': ({ node: { parts } }) =>
    parts.flatMap(({ minimum, maximum }) => [
      ...(minimum === undefined ? [] : [minimum - 1]),
      ...(maximum === undefined ? [] : [maximum + 1]),
    ]),
  'broken pattern': ({ node: { parts } }) =>
    parts.some(({ pattern }) => pattern !== undefined)
      ? ['not / allowed : at all\n', ' ', '{{ .Values }}', '-', '!']
      : [],
  'wrong length': ({ node: { parts } }) =>
    parts.flatMap(({ maxLength, minItems }) => [
      ...(maxLength === undefined ? [] : ['a'.repeat(maxLength + 1)]),
      ...(minItems === undefined ? [] : [[]]),
    ]),
  'unknown key': ({ node }) =>
    node.types.has('object') && node.additional === false ? [{ unknownKey: 'wrong' }] : [],
}

// If the schema says nothing about a key, the default is the only hint.
function typesOf({ node, path }: ValuesKey, defaults: object): ReadonlySet<JsonType> {
  const fallback = valueAt(defaults, path) ?? null
  const isSilent = node.types.size > Object.keys(ofEachType).length && node.branches.length === 0
  if (!isSilent || fallback === null) return node.types
  const type = typeOf(fallback)
  return new Set<JsonType>([type === 'integer' ? 'number' : type, type, 'null'])
}

/** Values with one mistake, of a kind that the schema should find; every kind is equally likely. */
function invalidCases(schema: ValuesSchema, profiles: readonly Profile[]): Arbitrary<FuzzCase> {
  const kinds = Object.entries(mistakes).flatMap(([name, wrongValues]) => {
    const keys = schema.keys
      .map((key) => ({ key, values: wrongValues(key, schema.defaults) }))
      .filter(({ values }) => values.length > 0)
    return keys.length === 0 ? [] : [{ name, keys }]
  })
  if (kinds.length === 0) throw new Error('fuzz: the schema forbids nothing. Add types to it.')
  return fc
    .record({ kind: fc.constantFrom(...kinds), profile: fc.constantFrom(...profiles) })
    .chain(({ kind: { name, keys }, profile }) =>
      fc.constantFrom(...keys).chain(({ key, values: wrong }) =>
        fc.constantFrom(...wrong).map((value): FuzzCase => {
          const path = concretePath(key, profile.values, schema)
          const values = schema.write(profile.values, path, value)
          const changes = [`${formatPath(path)}: ${JSON.stringify(value)} (${name})`]
          return { profile: profile.name, values, changes, mistake: path }
        }),
      ),
    )
}
