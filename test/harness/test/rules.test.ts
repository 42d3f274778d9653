import { expect, test } from 'vitest'
import { addVisits, defineRule, emptyRules, formatProblem, runRules } from '../src/checks/rules.ts'
import { hookOf } from '../src/objects/manifests.ts'
import { clean, runVitest } from './support.ts'

const render = await clean.render()

const tagged = defineRule({
  name: 'image-tagged',
  appliesTo: ({ containers }) => containers(),
  check: ({ container }) =>
    container.image?.endsWith(':1') ? `${container.image} is not exact` : undefined,
})
const hookWeight = defineRule({
  name: 'hook-weight',
  appliesTo: ({ objects }) => objects.filter((object) => hookOf(object)),
  check: (object) =>
    object.metadata.annotations?.['helm.sh/hook-weight'] ? undefined : 'has no weight',
})
const nothing = defineRule({
  name: 'nothing',
  appliesTo: ({ all }) => all('DaemonSet', { min: 0 }),
  check: () => 'always wrong',
})

test('a rule names the object and the place where it is broken', () => {
  const { problems } = runRules(render, [tagged, hookWeight])
  expect(problems.map(formatProblem)).toEqual([
    'image-tagged: Deployment/web spec.template.spec.initContainers[1]: example.org/proxy:1 is not exact',
    'image-tagged: StatefulSet/db spec.template.spec.containers[0]: example.org/db:1 is not exact',
    'hook-weight: Pod/test: has no weight',
  ])
})

test('a check may return its own problems', () => {
  const problem = { rule: 'own', object: 'Service/web', path: 'spec', message: 'm' }
  const own = defineRule({
    name: 'own',
    appliesTo: ({ all }) => all('Service'),
    check: () => [problem],
  })
  expect(runRules(render, [own]).problems).toEqual([problem, problem])
})

test('the subjects that a rule met are counted, none included', () => {
  const { visited } = runRules(render, [tagged, nothing])
  expect(visited).toEqual({ 'image-tagged': 8, nothing: 0 })
})

test('two rules of one name are an error', () => {
  expect(() => runRules(render, [nothing, nothing])).toThrow('two rules are called nothing')
})

test('a rule is empty only when it met nothing in all renders', () => {
  const totals = addVisits([{ a: 0, b: 0 }, { a: 2, b: 0 }, { c: 0 }])
  expect(totals).toEqual({ a: 2, b: 0, c: 0 })
  expect(emptyRules(totals)).toEqual(['b', 'c'])
})

// Two test files in two workers.
const runInner = (...args: string[]) => runVitest('totals/vitest.config.ts', args)

test('a run in which a rule met nothing fails and names it', async () => {
  const { code, stderr } = await runInner()
  expect(code).toBe(1)
  expect(stderr).toContain('Rules that met no object in the whole run: never. Remove them')
})

test.each([
  ['-t', ['-t', 'first']],
  ['a file name', ['first']],
])('a run that %s cut down is not judged', async (_what, args) => {
  const { code, stderr } = await runInner(...args)
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('Rules that met no object')])
})
