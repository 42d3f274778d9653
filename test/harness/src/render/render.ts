import { explainLater } from '../diagnosis/explain.ts'
import { isKnownKind, knownKinds, nearest } from '../objects/kinds.ts'
import { identity, nameOf, namespaceOf } from '../objects/manifests.ts'
import { once } from '../objects/once.ts'
import { containersOf, isWorkload, podsOf } from '../objects/pods.ts'
import type { ContainerView, Manifest, ObjectOf, PodView } from '../objects/types.ts'
import { deepFreeze } from '../objects/yaml.ts'
import type { CommandResult } from '../tools/run-command.ts'
import type { Outcome } from './chart.ts'
import type { HelmFailure } from './helm-errors.ts'
import type { RenderRequest } from './request.ts'

/** A look-up that found nothing, or too much. */
export class LookupError extends Error {
  override readonly name = 'LookupError'
}

/** What one `helm template` made, read-only. Look-ups throw where a silent nothing would hide a fault. */
export interface Render {
  readonly objects: readonly Manifest[]
  /** Helm's output, byte by byte. */
  readonly text: string
  /** The text of NOTES.txt; throws unless the render was asked for it with `showNotes`. */
  readonly notes: string
  /** The command that makes this output. */
  readonly command: string
  readonly helm: 3 | 4
  readonly namespace: string
  readonly release: string
  /** The object; throws with the nearest names when it is missing. */
  one<K extends string>(kind: K, name: string, options?: { namespace?: string }): ObjectOf<K>
  /** All objects of the kind; throws when there are fewer than `min` (default 1). */
  all<K extends string>(kind: K, options?: { min?: number }): readonly ObjectOf<K>[]
  /** Throws when there is an object of the kind, or when no such kind exists. */
  none(kind: string): void
  has(kind: string, name: string): boolean
  /** Every object that runs pods; throws when there is none. */
  workloads(): readonly Manifest[]
  /** Every pod template; throws when there is none. */
  pods(filter?: (pod: PodView) => boolean): readonly PodView[]
  /** Every container; throws when there is none. */
  containers(filter?: (container: ContainerView) => boolean): readonly ContainerView[]
}

/** What a `Render` is made from. */
export interface RenderParts
  extends Pick<Render, 'objects' | 'text' | 'command' | 'helm' | 'namespace' | 'release'> {
  readonly notes?: string
}

/** Puts the look-ups around rendered objects. */
export function createRender(parts: RenderParts): Render {
  const { objects, notes, ...rest } = parts
  // Most tests look at one object and need neither pods nor containers.
  const pods = once(() => podsOf(objects))
  const containers = once(() => pods().flatMap(containersOf))
  const explained = <T>(object: string, lookUp: () => T): T => {
    try {
      return lookUp()
    } catch (error) {
      if (error instanceof LookupError) explainLater(error.message, made, [{ object }])
      throw error
    }
  }
  const render = {
    ...rest,
    objects: Object.freeze([...objects]),
    one: <K extends string>(kind: K, name: string, options: { namespace?: string } = {}) =>
      explained(`${kind}/${name}`, () =>
        findOne(parts, kind, name, options.namespace),
      ) as ObjectOf<K>,
    all: <K extends string>(kind: K, { min = 1 }: { min?: number } = {}) =>
      explained(kind, () => findAll(objects, kind, min)) as unknown as readonly ObjectOf<K>[],
    none: (kind: string) => explained(kind, () => refuseAny(objects, kind)),
    has: (kind: string, name: string) => objects.some((object) => isNamed(object, kind, name)),
    workloads: () => visited(objects.filter(isWorkload), 'workload'),
    pods: (filter: (pod: PodView) => boolean = () => true) => visited(pods().filter(filter), 'pod'),
    containers: (filter: (container: ContainerView) => boolean = () => true) =>
      visited(containers().filter(filter), 'container'),
  }
  const made: Render = Object.freeze(withNotes(render, notes))
  return made
}

// Not enumerable, so that a copy of the render without notes does not throw.
function withNotes<T extends object>(render: T, notes: string | undefined): T & { notes: string } {
  const get = (): string => {
    if (notes === undefined) throw new LookupError('notes: render with { showNotes: true }.')
    return notes
  }
  return Object.defineProperty(render, 'notes', { get }) as T & { notes: string }
}

function isNamed(object: Manifest, kind: string, name: string): boolean {
  return object.kind === kind && object.metadata.name === name
}

function findOne(parts: RenderParts, kind: string, name: string, namespace?: string): Manifest {
  const found = parts.objects.filter(
    (object) =>
      isNamed(object, kind, name) &&
      (namespace === undefined || namespaceOf(object, parts.namespace) === namespace),
  )
  const [first, second] = found
  if (first && second) {
    const both = found.map((object) => identity(object, parts.namespace)).join(', ')
    throw new LookupError(`${kind}/${name} is ambiguous: ${both}. Name the namespace.`)
  }
  if (first) return first
  const near =
    nearest(`${kind}/${name}`, parts.objects.map(nameOf)).join(', ') || 'no objects at all'
  throw new LookupError(`${kind}/${name} was not rendered. Nearest: ${near}.`)
}

function findAll(objects: readonly Manifest[], kind: string, min: number): readonly Manifest[] {
  const found = objects.filter((object) => object.kind === kind)
  if (found.length >= min) return deepFreeze(found)
  const kinds = [...new Set(objects.map((object) => object.kind))].sort().join(', ')
  throw new LookupError(
    `${found.length} ${kind} rendered, at least ${min} expected. Kinds: ${kinds}.`,
  )
}

function refuseAny(objects: readonly Manifest[], kind: string): void {
  if (!isKnownKind(kind)) {
    const near = nearest(kind, knownKinds()).join(', ')
    throw new LookupError(`${kind} is not a kind that the harness knows. Nearest: ${near}.`)
  }
  const found = objects.filter((object) => object.kind === kind)
  if (found.length === 0) return
  const names = found.map(nameOf).join(', ')
  throw new LookupError(`no ${kind} expected, but rendered: ${names}.`)
}

function visited<T>(found: readonly T[], what: string): readonly T[] {
  if (found.length === 0) throw new LookupError(`no ${what} was rendered, so nothing was checked.`)
  return Object.freeze(found)
}

/** How a render was made: what is needed to explain a failure. */
export interface Origin {
  /** The chart's folder or package. */
  readonly chart: string
  readonly request: RenderRequest
  /** Where copies of the chart may be kept. */
  readonly cacheDir: string
  /** A hash of the chart's files. */
  readonly hash: string
  /** The keys that a line of the chart's own refusals names. */
  keysIn(line: string): readonly string[]
  /** Renders the chart with another request, which no recorder sees. */
  render(request: RenderRequest): Promise<Outcome>
  /** Runs Helm with this request over another chart. */
  runOn(chart: string): Promise<CommandResult>
}

const origins = new WeakMap<Render | HelmFailure, Origin>()

/** Keeps how the render, or the failure, came about. */
export function rememberOrigin<T extends Render | HelmFailure>(made: T, origin: Origin): T {
  origins.set(made, origin)
  return made
}

/** How it came about; undefined for what no chart made. */
export function originOf(made: Render | HelmFailure): Origin | undefined {
  return origins.get(made)
}
