import { nameOf } from '../objects/manifests.ts'
import { formatPath, type Path, valueAt, valuesIn } from '../objects/paths.ts'
import type { Chart, Outcome } from '../render/chart.ts'
import { describeFailure } from '../render/helm-errors.ts'
import type { Render } from '../render/render.ts'
import type { RenderRequest } from '../render/request.ts'
import type { Suggestions } from './arbitrary.ts'
import { type Context, changed, contextOf } from './contexts.ts'
import type { ValuesKey } from './keys.ts'
import { yamlStrings } from './strings.ts'
import { openSurroundings, type Profile, type Surroundings } from './surroundings.ts'
import { type Change, runTrials, type Trial } from './trials.ts'

/** Which strings to put where. */
export interface TaintOptions {
  /** Values under which features are on; a key is tried under the first where its text is seen. */
  readonly profiles: readonly Profile[]
  readonly suggestions?: Suggestions
  /** Keys whose text may come out different, each with the reason. */
  readonly exceptions?: Readonly<Record<string, string>>
  readonly only?: (name: string) => boolean
  /** Default: what YAML reads as something else, or what ends a scalar. */
  readonly strings?: readonly string[]
  readonly request?: RenderRequest
  readonly tell?: (line: string) => void
}

/** What putting strings into every key came to. */
export interface TaintReport {
  readonly keys: number
  readonly renders: number
  /** Keys whose text was found in the output. */
  readonly visible: number
  /** Text that came out as something else, and exceptions that are not needed. */
  readonly problems: readonly string[]
}

/** A key, the context under which its text is seen, if there is one, and where. */
interface Spot extends Trial {
  context?: Context
  places: readonly Place[]
}

interface Place {
  readonly object: string
  readonly path: Path
}

/** Puts strings that YAML misreads into every key that takes text: they must come out as they went in. */
export async function taintValues(chart: Chart, options: TaintOptions): Promise<TaintReport> {
  const { only = () => true, exceptions = {}, strings = yamlStrings } = options
  const around = openSurroundings(chart, options)
  const spots = around.schema.keys
    .filter(({ node, isLeaf }) => isLeaf && node.types.has('string') && !node.allowed)
    .filter(({ name }) => only(name))
    .map((key): Spot => ({ key, changes: marked(key, options.profiles, around), places: [] }))
  await runTrials(chart, spots, { ...options, judge: findMarker })
  const wrong = new Map<string, string>()
  let renders = 0
  const trials = spots.flatMap(({ key, context, places }): Spot[] =>
    context ? [{ key, changes: tainted(key, context, strings, around), places }] : [],
  )
  await runTrials(chart, trials, {
    ...options,
    judge: ({ key, places }, { value }, _, after) => {
      renders++
      const difference = differenceOf(after, String(value), places)
      if (difference !== undefined && !wrong.has(key.name)) wrong.set(key.name, difference)
      return difference !== undefined
    },
  })
  const problems = [
    ...[...wrong].filter(([name]) => exceptions[name] === undefined).map((one) => one.join(': ')),
    ...Object.keys(exceptions)
      .filter((name) => only(name) && !wrong.has(name))
      .map((name) => `${name}: is excepted, but keeps its text. Remove the exception.`),
  ]
  const visible = spots.filter(({ places }) => places.length > 0).length
  return { keys: spots.length, renders, visible, problems }
}

const markers = [
  'qzmarker',
  'qzmarker.example.com',
  '/qzmarker',
  'https://qzmarker.example',
  '192.0.2.177',
  '192.0.2.176/31',
  'qz@marker.example',
]

/** The key with a marker, under each profile that takes one. */
function* marked(
  key: ValuesKey,
  profiles: readonly Profile[],
  around: Surroundings,
): Generator<Change> {
  for (const profile of profiles) {
    const [first] = tainted(key, contextOf(key, profile, around), markers, around)
    if (first) yield first
  }
}

/** The key with each string that the schema takes. */
function* tainted(
  key: ValuesKey,
  context: Context,
  strings: readonly string[],
  around: Surroundings,
): Generator<Change> {
  for (const value of strings) {
    if (!around.schema.accepts(key.node, value)) continue
    const after = changed(key, context, value, around)
    if (after) yield { context, value, after }
  }
}

/** Notes where the marker is the whole text: the tainted text must be there, too. */
function findMarker(spot: Spot, { context, value }: Change, _: Outcome, after: Outcome): boolean {
  const places = (after.render?.objects ?? []).flatMap((object) =>
    valuesIn(object)
      .filter((one) => one.value === value)
      .map(({ path }) => ({ object: nameOf(object), path })),
  )
  if (places.length > 0 || !spot.context) Object.assign(spot, { context, places })
  return places.length > 0
}

function differenceOf(
  { render, failure }: Outcome,
  text: string,
  places: readonly Place[],
): string | undefined {
  if (failure) {
    if (failure.kind === 'fail' || failure.kind === 'schema') return undefined
    return `${JSON.stringify(text)} breaks the chart: ${describeFailure(failure)}`
  }
  for (const { object, path } of places) {
    const value = read(render, object, path)
    if (value === text || value === undefined) continue
    return `${JSON.stringify(text)} comes out as ${JSON.stringify(value)} in ${object} ${formatPath(path)}.`
  }
  return undefined
}

// An object whose name follows from the text (a hash of it) is a different one: nothing to compare.
function read(render: Render | undefined, name: string, path: Path): unknown {
  const object = render?.objects.find((one) => nameOf(one) === name)
  return object === undefined ? undefined : valueAt(object, path)
}
