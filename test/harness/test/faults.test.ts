import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkLeftovers } from '../src/checks/leftovers.ts'
import { checkNames } from '../src/checks/names.ts'
import { checkPodSecurity } from '../src/checks/pod-security.ts'
import { checkReferences } from '../src/graph/check-references.ts'
import type { Problem } from '../src/objects/types.ts'
import type { Render } from '../src/render/render.ts'
import { objectFaults } from './faults/object-faults.ts'
import { referenceFaults } from './faults/reference-faults.ts'
import { clean, external, renderOf, seed } from './support.ts'

const checkAll = (render: Render): Problem[] => [
  ...checkReferences(render, { external }),
  ...checkNames(render),
  ...checkPodSecurity(render),
  ...checkLeftovers(render),
]

const faults = [referenceFaults, objectFaults]
  .flatMap((byRule) => Object.entries(byRule))
  .flatMap(([rule, byObject]) =>
    Object.entries(byObject).flatMap(([object, edits]) =>
      edits.map(([search, replacement]) => [rule, object, search, replacement] as const),
    ),
  )

test('the clean chart has no problem', async () => {
  expect(checkAll(await clean.render())).toEqual([])
})

test.each(faults)('%s finds a fault in %s (%s)', async (rule, object, search, replacement) => {
  const problems = checkAll(await seed(search, replacement))
  expect(problems.map((problem) => `${problem.rule} ${problem.object}`)).toContain(
    `${rule} ${object}`,
  )
})

test('every rule has a seeded fault', () => {
  const src = join(import.meta.dirname, '../src')
  const checks = ['checks/names.ts', 'checks/pod-security.ts', 'checks/leftovers.ts']
  const graph = readdirSync(join(src, 'graph')).map((name) => `graph/${name}`)
  const rules = [...checks, ...graph].flatMap((file) =>
    [
      ...readFileSync(join(src, file), 'utf8').matchAll(
        /(?:rule: |const rule = |unique: |say\(\s*)'([a-z-]+)'/g,
      ),
    ].map(([, rule]) => rule),
  )
  expect(new Set(faults.map(([rule]) => rule))).toEqual(new Set(rules))
})

test('a Windows pod needs no Linux settings', async () => {
  const { text } = await clean.render()
  const linux = 'securityContext:\n    runAsNonRoot: true\n    runAsUser: 1000'
  const pod = text
    .slice(text.indexOf('kind: Pod\n'))
    .replace(/allowPrivilegeEscalation[\s\S]*?\[ALL\]/, '{}')
  const bare = pod.replace(/ *seccompProfile:\n *type: RuntimeDefault\n/, '')
  const windows = bare.replace('restartPolicy', 'os: {name: windows}\n  restartPolicy')
  const problems = (manifest: string) => checkPodSecurity(renderOf(`apiVersion: v1\n${manifest}`))
  expect(pod).toContain(linux)
  expect(problems(bare.split('\n---')[0] ?? '')).toHaveLength(3)
  expect(problems(windows.split('\n---')[0] ?? '')).toEqual([])
})
