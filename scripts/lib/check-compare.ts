// Renders a set again, and with another version of the chart, and compares.
import type { Problem, Render } from 'chart-harness'
import {
  checkNothingRestarts,
  checkSameBytes,
  checkSameObjects,
  type Twins,
} from '../../test/rules/comparisons.ts'
import type { ValueSet } from './check-options.ts'

/** Every fact about two renders of this set. `renders` holds one for each Helm. */
export async function compareRenders(
  set: ValueSet,
  renders: readonly Render[],
  twins: Twins,
  kube: string | undefined,
): Promise<Problem[]> {
  const options = { release: set.release, files: set.files, ...(kube ? { kube } : {}) }
  const [first, second] = renders
  const last = second ?? first
  if (!first || !last) throw new Error(`${set.name}: there is no render to compare`)
  const again = renders.map(({ helm }) => twins.again.render({ ...options, helm }))
  const bumped = twins.bumped.render({ ...options, helm: last.helm })
  const repeated = await Promise.all(again)
  return [
    ...repeated.flatMap((render, index) => checkSameBytes(renders[index] ?? first, render)),
    ...(second ? checkSameObjects(first, second) : []),
    ...checkNothingRestarts(last, await bumped),
  ]
}
