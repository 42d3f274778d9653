import type { Chart, Outcome } from '../render/chart.ts'
import type { RenderRequest } from '../render/request.ts'
import { renderMany } from './render-many.ts'

const perBatch = 400
const withNotes = { showNotes: true, schema: 'skip' } as const

/** Renders the values that are not in `rendered` yet, and puts them there. */
export async function renderInto(
  rendered: Map<string, Outcome>,
  chart: Chart,
  values: readonly object[],
  request: RenderRequest,
): Promise<void> {
  const missing = new Map(values.map((one) => [JSON.stringify(one), one]))
  for (const text of rendered.keys()) missing.delete(text)
  const wanted = [...missing]
  for (let start = 0; start < wanted.length; start += perBatch) {
    const part = wanted.slice(start, start + perBatch)
    const requests = part.map(([, values]) => ({ ...request, ...withNotes, values }))
    const outcomes = await renderMany(chart, requests)
    for (const [index, [text]] of part.entries()) {
      const outcome = outcomes[index]
      if (outcome) rendered.set(text, outcome)
    }
  }
}

/** What became of these values. */
export function find(rendered: ReadonlyMap<string, Outcome>, values: object): Outcome {
  const outcome = rendered.get(JSON.stringify(values))
  if (!outcome) throw new Error(`not rendered: ${JSON.stringify(values)}`)
  return outcome
}
