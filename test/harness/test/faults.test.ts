import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkLeftovers } from '../src/checks/leftovers.ts'
import { checkNames } from '../src/checks/names.ts'
import { checkPodSecurity } from '../src/checks/pod-security.ts'
import { checkReferences } from '../src/graph/check-references.ts'
import type { Problem } from '../src/objects/types.ts'
import { parseYaml } from '../src/objects/yaml.ts'
import type { Render } from '../src/render/render.ts'
import { clean, external, fixture, type Places, seeded } from './support.ts'

const checkAll = (render: Render): Problem[] => [
  ...checkReferences(render, { external }),
  ...checkNames(render),
  ...checkPodSecurity(render),
  ...checkLeftovers(render),
]

const byRule = parseYaml(readFileSync(fixture('faults.yaml'), 'utf8')) as Record<
  string,
  Record<string, readonly Places[]>
>
const faults = Object.entries(byRule).flatMap(([rule, byObject]) =>
  Object.entries(byObject).flatMap(([object, all]) =>
    all.map((places) => [rule, object, places] as const),
  ),
)

test('the clean chart has no problem', async () => {
  expect(checkAll(await clean.render())).toEqual([])
})

test.each([
  ...faults,
  ['annotation-legal', 'Deployment/web', { 'metadata.annotations.a': 'x'.repeat(256 * 1024) }],
] as const)('%s finds a fault in %s (%j)', async (rule, object, places) => {
  const problems = checkAll(await seeded(object, places))
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
  const bare = {
    'spec.securityContext.seccompProfile': '(removed)',
    'spec.containers[0].securityContext': {},
  }
  const windows = { ...bare, 'spec.os': { name: 'windows' } }
  expect(checkPodSecurity(await seeded('Pod/test', bare))).toHaveLength(3)
  expect(checkPodSecurity(await seeded('Pod/test', windows))).toEqual([])
})
