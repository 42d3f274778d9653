import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { seedFaults } from '../src/checks/seed-faults.ts'
import type { Externals } from '../src/graph/references.ts'
import { loadManifests } from '../src/objects/manifests.ts'
import { type Chart, createChart } from '../src/render/chart.ts'
import { createRender, type Render } from '../src/render/render.ts'
import { type CommandResult, type Environment, runCommand } from '../src/tools/run-command.ts'

/** The folder of a fixture. */
export function fixture(name: string): string {
  return join(import.meta.dirname, 'fixtures', name)
}

/** A chart in which every check must find nothing. */
export const clean: Chart = createChart({ path: fixture('clean'), release: 'r' })

/** What the clean chart leaves to its user. */
export const external: Externals = { objects: ['Secret/outside-tls'] }

/** A folder that is removed when the test ends, or all tests of the file have (`afterAll`). */
export function temporaryFolder(onEnd: (remove: () => void) => void = onTestFinished): string {
  const dir = mkdtempSync(join(tmpdir(), 'chart-harness-'))
  onEnd(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Runs vitest as a user does; nothing of the run around it is inherited. */
export function runVitest(
  config: string,
  args: readonly string[] = [],
  env: Environment = {},
): Promise<CommandResult> {
  const root = join(import.meta.dirname, '../../..')
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { VITEST: _, ...outer } = process.env
  const all = [vitest, 'run', '--config', fixture(config), ...args]
  return runCommand(process.execPath, all, { env: { ...outer, ...env }, cwd: root })
}

/** A render of text that no Helm made. */
export function renderOf(text: string): Render {
  const request = { command: 'none', helm: 4, namespace: 'default', release: 'r' } as const
  return createRender({ ...request, text, objects: loadManifests(text) })
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
