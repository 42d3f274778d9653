import { nameOf } from '../objects/manifests.ts'
import { formatPath, type Path, valueAt, valuesIn } from '../objects/paths.ts'
import type { Chart, Outcome } from '../render/chart.ts'
import { describeFailure } from '../render/helm-errors.ts'
import type { Render } from '../render/render.ts'
import type { RenderRequest } from '../render/request.ts'
import { createArbitraries, type Samples } from './arbitrary.ts'
import type { Base } from './bases.ts'
import { checkBases } from './bases.ts'
import { type Context, changed, contextOf, type Surroundings } from './contexts.ts'
import type { ValuesKey } from './keys.ts'
import { renderMany } from './render-many.ts'
import { yamlStrings } from './strings.ts'
import { openValuesSchema } from './values-schema.ts'

/** Which strings to put where. */
export interface TaintOptions {
  /** Values in which features are on; a key is tried under the first that takes it. */
  readonly bases: readonly Base[]
  readonly samples?: Samples
  /** Keys whose text may come out as another, each with the reason. */
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
  /** Text that came out as something else, and exceptions that nobody needs. */
  readonly problems: readonly string[]
}

interface Spot {
  readonly key: ValuesKey
  readonly context: Context
  readonly places: readonly Place[]
}

interface Probe extends Spot {
  readonly text: string
  readonly values: object
}

const perBatch = 400

/** Puts strings that YAML misreads into every key that takes text: they must come out as they went in. */
export async function taintValues(chart: Chart, options: TaintOptions): Promise<TaintReport> {
  const { samples = {}, only = () => true, exceptions = {}, strings = yamlStrings } = options
  const schema = openValuesSchema(chart.path)
  checkBases(schema, options.bases)
  const around = { schema, samples, make: createArbitraries(schema, samples) }
  const keys = schema.keys.filter(
    ({ node, name, isLeaf }) => isLeaf && node.types.has('string') && !node.allowed && only(name),
  )
  const spots = await findSpots(chart, keys, options, around)
  const probes = spots.flatMap((spot) =>
    strings.flatMap((text): Probe[] => {
      const values = fitting(spot, text, around)
      return values ? [{ ...spot, text, values }] : []
    }),
  )
  const found = await judgeProbes(chart, probes, options)
  const visible = spots.filter(({ places }) => places.length > 0).length
  const problems = [
    ...[...found].filter(([name]) => exceptions[name] === undefined).map((one) => one.join(': ')),
    ...Object.keys(exceptions)
      .filter((name) => only(name) && !found.has(name))
      .map((name) => `${name}: is excepted, but keeps its text. Remove the exception.`),
  ]
  return { keys: keys.length, renders: probes.length, visible, problems }
}

/** What went wrong, by the key's name. */
async function judgeProbes(
  chart: Chart,
  probes: readonly Probe[],
  { request = {}, tell = () => {} }: TaintOptions,
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (let start = 0; start < probes.length; start += perBatch) {
    const part = probes.slice(start, start + perBatch)
    const requests = part.map(({ values }) => ({ ...request, values, schema: 'skip' as const }))
    const outcomes = await renderMany(chart, requests)
    part.forEach((probe, index) => {
      const outcome = outcomes[index]
      const wrong = outcome && differenceOf(outcome, probe)
      if (wrong !== undefined && !found.has(probe.key.name)) found.set(probe.key.name, wrong)
    })
    tell(`${start + part.length} of ${probes.length}: ${found.size} keys lose their text`)
  }
  return found
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

/** For each key a base under which its text is seen, if there is one, and where. */
async function findSpots(
  chart: Chart,
  keys: readonly ValuesKey[],
  { bases, request = {} }: TaintOptions,
  around: Surroundings,
): Promise<Spot[]> {
  const spots = new Map<string, Spot>()
  for (const base of bases) {
    const open = keys.filter(({ name }) => (spots.get(name)?.places.length ?? 0) === 0)
    const marked = open.flatMap((key) => {
      const context = contextOf(key, base, around)
      const one = { key, context, places: [] }
      const marker = markers.find((text) => fitting(one, text, around) !== undefined)
      const values = marker === undefined ? undefined : fitting(one, marker, around)
      return marker === undefined || !values ? [] : [{ ...one, marker, values }]
    })
    const requests = marked.map(({ values }) => ({ ...request, values, schema: 'skip' as const }))
    const outcomes = await renderMany(chart, requests)
    marked.forEach(({ key, context, marker }, index) => {
      const places = placesOf(outcomes[index]?.render, marker)
      if (places.length > 0 || !spots.has(key.name)) spots.set(key.name, { key, context, places })
    })
  }
  return [...spots.values()]
}

function fitting({ key, context }: Spot, text: string, around: Surroundings): object | undefined {
  return around.schema.accepts(key.node, text) ? changed(key, context, text, around) : undefined
}

interface Place {
  readonly object: string
  readonly path: Path
}

/** Where the marker stands alone: there the tainted text must stand, too. */
function placesOf(render: Render | undefined, marker: string): Place[] {
  return (render?.objects ?? []).flatMap((object) =>
    valuesIn(object)
      .filter(({ value }) => value === marker)
      .map(({ path }) => ({ object: nameOf(object), path })),
  )
}

function differenceOf({ render, failure }: Outcome, { places, text }: Probe): string | undefined {
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

// An object whose name follows from the text (a hash of it) is another one: nothing to compare.
function read(render: Render | undefined, name: string, path: Path): unknown {
  const object = render?.objects.find((one) => nameOf(one) === name)
  return object === undefined ? undefined : valueAt(object, path)
}
