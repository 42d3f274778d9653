import { nameOf } from '../objects/manifests.ts'
import { formatPath, type Path, valueAt, valuesIn } from '../objects/paths.ts'
import type { Chart, Outcome } from '../render/chart.ts'
import { describeFailure } from '../render/helm-errors.ts'
import type { Render } from '../render/render.ts'
import { ToolError } from '../tools/tool-pins.ts'
import { type Context, changed, contextOf } from './contexts.ts'
import type { ValuesKey } from './keys.ts'
import { yamlStrings } from './strings.ts'
import { openSurroundings, type Profile, type Surroundings } from './surroundings.ts'
import { type Change, createTrial, type KeyOptions, openProblems } from './trials.ts'

/** Which strings to put where. A key is tried under the first profile where its text is seen. */
export interface TaintOptions extends KeyOptions {
  /** Default: what YAML reads as something else, or what ends a scalar. */
  readonly strings?: readonly string[]
}

/** The result of putting strings into every key. */
export interface TaintReport {
  readonly keys: number
  readonly renders: number
  /** Keys whose text was found in the output. */
  readonly visible: number
  /** Text that came out as something else, and exceptions that are not needed. */
  readonly problems: readonly string[]
}

interface Place {
  readonly object: string
  readonly path: Path
}

/** Puts strings that YAML misreads into every key that takes text: they must come out as they went in. */
export async function taintValues(chart: Chart, options: TaintOptions): Promise<TaintReport> {
  const { only = () => true, strings = yamlStrings, profiles } = options
  const around = openSurroundings(chart, options)
  const keys = around.keys
    .filter(({ node, isLeaf }) => isLeaf && node.types.has('string') && !node.allowed)
    .filter(({ name }) => only(name))
  if (keys.length === 0) throw new ToolError('no key with text is to be changed. Name others.')
  const trial = createTrial(chart, options)
  const wrong = new Map<string, string>()
  let [renders, visible] = [0, 0]
  const taint = async (key: ValuesKey): Promise<void> => {
    let seen: { readonly context: Context; readonly places: readonly Place[] } | undefined
    await trial(marked(key, profiles, around), ({ context, value }, _, { render }) => {
      const places = render ? placesOf(render, value) : []
      if (places.length > 0 || !seen) seen = { context, places }
      return places.length > 0
    })
    if (!seen) return
    const { context, places } = seen
    if (places.length > 0) visible++
    await trial(tainted(key, context, strings, around), ({ value }, _, after) => {
      renders++
      const difference = differenceOf(after, String(value), places)
      if (difference !== undefined && !wrong.has(key.name)) wrong.set(key.name, difference)
      return difference !== undefined
    })
  }
  await Promise.all(keys.map(taint))
  return { keys: keys.length, renders, visible, problems: openProblems(wrong, options) }
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
    if (!around.accepts(key.node, value)) continue
    const after = changed(key, context, value, around)
    if (after) yield { context, value, after }
  }
}

/** Where the marker is the whole text: the tainted text must appear there unchanged. */
function placesOf({ objects }: Render, marker: unknown): Place[] {
  return objects.flatMap((object) =>
    valuesIn(object)
      .filter(({ value }) => value === marker)
      .map(({ path }) => ({ object: nameOf(object), path })),
  )
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
    // An object that is named after the text (or its hash) is a different one: nothing to compare.
    const made = render.objects.find((one) => nameOf(one) === object)
    const value = made && valueAt(made, path)
    if (value === text || value === undefined) continue
    return `${JSON.stringify(text)} comes out as ${JSON.stringify(value)} in ${object} ${formatPath(path)}.`
  }
  return undefined
}
