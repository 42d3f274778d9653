// kubeconform over all renders at once, one run for each Kubernetes minor.
import { type Problem, type Render, runKubeconform } from 'chart-harness'
import { schemaDir } from './check-options.ts'

const atATime = 2

/** What kubeconform says of these renders, by minor. */
export async function askKubeconform(
  renders: readonly Render[],
  minors: readonly string[],
): Promise<ReadonlyMap<string, readonly Problem[]>> {
  const texts = renders.map(({ text }) => text)
  const answers = new Map<string, readonly Problem[]>()
  if (texts.length === 0) return answers
  for (let start = 0; start < minors.length; start += atATime) {
    const some = minors.slice(start, start + atATime)
    const found = await Promise.all(
      some.map((minor) => runKubeconform(texts, minor, { schemas: schemaDir })),
    )
    for (const [index, minor] of some.entries()) answers.set(minor, found[index] ?? [])
  }
  return answers
}
