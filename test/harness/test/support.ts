import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { seedFaults } from '../src/checks/seed-faults.ts'
import type { Externals } from '../src/graph/references.ts'
import { loadManifests } from '../src/objects/manifests.ts'
import { type Chart, createChart } from '../src/render/chart.ts'
import { createRender, type Render } from '../src/render/render.ts'

/** The folder of a fixture. */
export function fixture(name: string): string {
  return join(import.meta.dirname, 'fixtures', name)
}

/** A chart in which every check must find nothing. */
export const clean: Chart = createChart({ path: fixture('clean'), release: 'r' })

/** What the clean chart leaves to its user. */
export const external: Externals = { objects: ['Secret/outside-tls'] }

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'chart-harness-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** A render of text that no Helm made. */
export function renderOf(text: string): Render {
  const objects = loadManifests(text, 'default')
  const parts = {
    objects,
    text,
    command: 'none',
    helm: 4,
    namespace: 'default',
    release: 'r',
  } as const
  return createRender(parts)
}

/** What is put at which place: a path in the object, or `Kind/name path` for another one; (removed) takes the field away. */
export type Places = Readonly<Record<string, unknown>>

/** The clean render with these changes of the object. */
export async function seeded(object: string, places: Places): Promise<Render> {
  const faults = Object.entries(places).map(([place, value]) => {
    const [, other = object, path = ''] = /^(?:(\w+\/\S+) )?(.*)$/.exec(place) ?? []
    return { object: other, path, value: value === '(removed)' ? undefined : value }
  })
  return seedFaults(await clean.render(), faults)
}
