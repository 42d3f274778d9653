// Changes keys, renders the results, many sets in one process, and compares.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ManifestError } from '../objects/manifests.ts'
import { kept } from '../objects/once.ts'
import type { Chart, Outcome } from '../render/chart.ts'
import type { RenderRequest } from '../render/request.ts'
import type { Suggestions } from './arbitrary.ts'
import type { Context } from './contexts.ts'
import type { Profile } from './surroundings.ts'

/** Under which values a chart is tried, and how it is rendered. */
export interface TrialOptions {
  /** Values under which features are on. */
  readonly profiles: readonly Profile[]
  /** Values for places about which the schema says too little, by the end of the key's name. */
  readonly suggestions?: Suggestions
  /** How all are rendered, e.g. with another Kubernetes version. */
  readonly request?: RenderRequest
  readonly tell?: (line: string) => void
}

/** Which keys are tried. */
export interface KeyOptions extends TrialOptions {
  /** Which keys; default: all. */
  readonly only?: (name: string) => boolean
  /** Keys in which a problem is allowed, each with the reason. */
  readonly exceptions?: Readonly<Record<string, string>>
}

/** A change of one key: the values before it are those of the context. */
export interface Change {
  readonly context: Context
  readonly value: unknown
  readonly after: object
}

/** Tries changes, one after the other, until one settles what was asked. */
export type Trial = (
  changes: Iterable<Change>,
  settles: (change: Change, before: Outcome, after: Outcome) => boolean,
) => Promise<void>

/** Makes trials of one chart. All that are started at once share Helm's processes. */
export function createTrial(chart: Chart, { request = {} }: TrialOptions): Trial {
  const contexts = new Map<string, Promise<Outcome>>() // many keys share one
  const render = (values: object): Promise<Outcome> =>
    renderOne(chart, { ...request, showNotes: true, schema: 'skip', values })
  const renderBefore = ({ context: { values } }: Change): Promise<Outcome> =>
    kept(contexts, JSON.stringify(values), () => render(values))
  return async (changes, settles) => {
    for (const some of chunks(changes)) {
      const outcomes = await Promise.all(
        some.map((change) => Promise.all([change, renderBefore(change), render(change.after)])),
      )
      if (outcomes.map((outcome) => settles(...outcome)).includes(true)) return
    }
  }
}

/** The first changes one by one, as they settle most keys; for the other keys, more and more at once. */
function* chunks(changes: Iterable<Change>): Generator<Change[]> {
  let chunk: Change[] = []
  let size = 1 / 8
  for (const change of changes) {
    if (chunk.push(change) < size) continue
    yield chunk
    chunk = []
    size *= 2
  }
  if (chunk.length > 0) yield chunk
}

/** What was found at keys and is not excepted, and the exceptions that are not needed. */
export function openProblems(
  found: ReadonlyMap<string, string>,
  { exceptions = {}, only = () => true }: KeyOptions,
): string[] {
  return [
    ...[...found].filter(([name]) => exceptions[name] === undefined).map((one) => one.join(': ')),
    ...Object.keys(exceptions)
      .filter((name) => only(name) && !found.has(name))
      .map((name) => `${name}: needs no exception. Remove it.`),
  ]
}

/**
 * Renders, with notes where the chart has any. All that is asked for in one tick shares processes; none of it
 * is worth keeping. Text that is not a set of manifests is a failure of kind `yaml`.
 */
export async function renderOne(
  chart: Chart,
  { showNotes = false, ...request }: RenderRequest,
): Promise<Outcome> {
  const hasNotes = existsSync(join(chart.path, 'templates/NOTES.txt'))
  const wanted = { ...request, showNotes: showNotes && hasNotes, keep: false, quick: true }
  try {
    const [outcome] = await chart.renderAll([wanted])
    if (!outcome) throw new Error('a request was not answered')
    return outcome
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    const { message, command } = error
    return {
      failure: { kind: 'yaml', message, cause: message, lines: message.split('\n'), command },
    }
  }
}
