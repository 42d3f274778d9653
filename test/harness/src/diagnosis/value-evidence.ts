import { isRecord } from '../objects/manifests.ts'
import type { Render } from '../render/render.ts'
import { type Path, withValueAt } from '../values/paths.ts'
import { fieldValue, objectOf, observe, type Subject } from './observe.ts'
import type { Origin } from './origin.ts'
import { type Candidate, rankCandidates } from './value-candidates.ts'
import {
  mergedValues,
  type Scalar,
  sourceOfValue,
  type ValueSource,
  valuesLayers,
} from './values-layers.ts'

const atOnce = 6
const mostTried = 12
const mostTold = 3

/**
 * Where the values were set that make the subject what it is: one that is written there as it was
 * given, else all that are likely. A value counts only when a render with another one in its place
 * shows another subject.
 */
export async function findValues(
  origin: Origin,
  render: Render,
  subject: Subject,
): Promise<readonly ValueSource[]> {
  const before = observe(render, subject)
  if (before === undefined) return []
  const layers = valuesLayers(origin)
  const values = mergedValues(layers)
  const { object, path } = subject
  const shown = path === undefined ? undefined : fieldValue(objectOf(render, object), path)
  const candidates = rankCandidates(values, subject, shown).slice(0, mostTried)
  for (let start = 0; start < candidates.length; start += atOnce) {
    const some = candidates.slice(start, start + atOnce)
    const after = await Promise.all(
      some.map((candidate) => observeWith(origin, values, candidate, subject)),
    )
    const found = some.filter((_, index) => after[index] !== undefined && after[index] !== before)
    const told = found[0]?.isEqual ? found.slice(0, 1) : found.slice(0, mostTold)
    if (told.length > 0) return told.flatMap((one) => sourceOfValue(layers, one.path) ?? [])
  }
  return []
}

/** What is seen with another value; undefined when every other value is refused. */
async function observeWith(
  origin: Origin,
  values: unknown,
  { path, value }: Candidate,
  subject: Subject,
): Promise<string | undefined> {
  for (const other of otherValues(value)) {
    const { render } = await origin.render(withOverride(origin, values, path, other))
    if (render) return observe(render, subject)
  }
  return undefined
}

function withOverride(
  { request }: Origin,
  values: unknown,
  path: Path,
  value: Scalar,
): Origin['request'] {
  const changed = withValueAt(request.values ?? {}, path, value, values)
  return { ...request, values: isRecord(changed) ? changed : {}, schema: 'skip', fresh: false }
}

/** Values of the same type that a chart may take in place of this one. */
function otherValues(value: Scalar): Scalar[] {
  if (typeof value === 'boolean') return [!value]
  if (typeof value === 'number') return [value + 1, value - 1]
  const counted = value.replace(/\d+(?!.*\d)/, (digits) => String(Number(digits) + 1))
  return [...(counted === value ? [] : [counted]), `${value}x`, `x${value}`].slice(0, 2)
}
