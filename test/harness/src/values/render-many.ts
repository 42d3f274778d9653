import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ManifestError } from '../objects/manifests.ts'
import type { Chart, Outcome } from '../render/chart.ts'
import type { RenderRequest } from '../render/request.ts'

/** Renders all requests, in order, with notes where the chart has any. Text that is no set of manifests is a failure of kind `yaml`. */
export async function renderMany(
  chart: Chart,
  requests: readonly RenderRequest[],
): Promise<readonly Outcome[]> {
  const hasNotes = existsSync(join(chart.path, 'templates/NOTES.txt'))
  return Promise.all(
    requests.map(({ showNotes = false, ...request }) =>
      renderOne(chart, { ...request, showNotes: showNotes && hasNotes }),
    ),
  )
}

// All that are asked for in one tick share processes; nothing of them is worth keeping on disk.
async function renderOne(chart: Chart, request: RenderRequest): Promise<Outcome> {
  try {
    const [outcome] = await chart.renderAll([{ ...request, keep: false, quick: true }])
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
