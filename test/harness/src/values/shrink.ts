import { type Path, valuesIn, withoutValueAt } from '../objects/paths.ts'

const mostRounds = 20

/** The least of the values that still shows a defect; all that may go is tried at once. */
export async function smallestValues(
  values: object,
  shows: (values: object) => Promise<boolean>,
): Promise<object> {
  let smallest = values
  for (let round = 0; round < mostRounds; round++) {
    const next = await smaller(smallest, shows)
    if (!next) return smallest
    smallest = next
  }
  return smallest
}

async function smaller(
  values: object,
  shows: (values: object) => Promise<boolean>,
): Promise<object | undefined> {
  const [, ...paths] = valuesIn(values).map(({ path }) => path)
  const answers = await Promise.all(paths.map((path) => shows(without(values, [path]))))
  const dispensable = paths.filter((_, index) => answers[index])
  const [first] = dispensable
  if (!first) return undefined
  const all = without(values, dispensable)
  return (await shows(all)) ? all : without(values, [first])
}

// From behind, so that the numbers of items still hold.
function without(values: object, paths: readonly Path[]): object {
  return paths.reduceRight<unknown>((left, path) => withoutValueAt(left, path), values) as object
}
