// The comparisons over every example, and that they notice what differs.
import {
  checkNothingRestarts,
  checkSameBytes,
  checkSameObjects,
  compareRenders,
  createBumpedChart,
  formatProblem,
  type SeededFault,
  seedFaults,
} from 'chart-harness'
import { afterAll, expect, test } from 'vitest'
import { chart, exampleFile, examples, namespace, renderExample } from './project.ts'

const bumped = createBumpedChart(chart.path, namespace)
afterAll(() => bumped.remove())

test.for(examples)(
  '%s has the same bytes twice, the same objects with both Helms, and restarts nothing for a new version',
  async (example) => {
    const renders = await Promise.all([
      renderExample(example, { helm: 3 }),
      renderExample(example, { helm: 4 }),
    ])
    const request = { release: example, files: [exampleFile(example)] }
    expect(renders[1]).toHaveNoProblems(await compareRenders(renders, request, chart, bumped.chart))
  },
)

test('the comparison is made with another version', async () => {
  const request = { release: 'minimal', files: [exampleFile('minimal')] }
  const [object] = (await bumped.chart.render(request)).objects
  expect(object?.metadata.labels?.['helm.sh/chart']).toBe('mastodon-99.99.99')
})

const web = 'Deployment/minimal-mastodon-web'

/** What a comparison of an example with a spoilt copy reports. */
async function noticed(check: typeof checkSameObjects, ...faults: SeededFault[]) {
  const render = await renderExample('minimal')
  return check(render, seedFaults(render, faults)).map(formatProblem)
}

test('another byte is noticed', async () => {
  const first = await renderExample('minimal')
  const second = {
    ...seedFaults(first, []),
    text: first.text.replace('runAsGroup: 991', 'runAsGroup: 992'),
  }
  expect(checkSameBytes(first, second).map(formatProblem)).toEqual([
    expect.stringMatching(
      /^same-bytes: all objects: rendering twice gives different texts; they first differ in line \d+: " +runAsGroup: 991", then " +runAsGroup: 992"\.$/,
    ),
  ])
})

test('another byte of a Secret is noticed, and not shown', async () => {
  const text =
    '---\nkind: ConfigMap\n---\nkind: Secret\nstringData:\n  a: hidden1\n---\nkind: Pod\n'
  const first = { ...seedFaults(await renderExample('minimal'), []), text }
  const second = { ...first, text: text.replace('hidden1', 'hidden2') }
  expect(checkSameBytes(first, second).map(formatProblem)).toEqual([
    'same-bytes: all objects: rendering twice gives different texts; they first differ in line 6: inside a Secret.',
  ])
})

test('a field that only one Helm sets is noticed', async () => {
  const fault = { object: web, path: 'spec.replicas', value: 2 }
  expect(await noticed(checkSameObjects, fault)).toEqual([
    `helm-3-equals-helm-4: ${web} spec.replicas: is 1 with Helm 3 and 2 with Helm 4.`,
  ])
})

test('an object that only one Helm renders is noticed', async () => {
  const fault = { object: web, path: 'metadata.name', value: 'other' }
  expect(await noticed(checkSameObjects, fault)).toEqual([
    'helm-3-equals-helm-4: Deployment/other: only Helm 4 renders it.',
    `helm-3-equals-helm-4: ${web}: only Helm 3 renders it.`,
  ])
})

test('a version in a pod, a renamed Job and a changed claim are noticed', async () => {
  const pod = 'spec.template.metadata.labels["helm.sh/chart"]'
  const claim = 'PersistentVolumeClaim/minimal-mastodon-system'
  const faults = [
    { object: web, path: pod, value: 'mastodon-99.99.99' },
    { object: 'Job/minimal-mastodon-secrets', path: 'metadata.name', value: 'renamed' },
    { object: claim, path: 'spec.accessModes', value: ['ReadWriteMany'] },
  ]
  const because = 'when only the version of the chart changes.'
  expect(await noticed(checkNothingRestarts, ...faults)).toEqual([
    `version-restarts-nothing: Job/renamed: appears ${because}`,
    `version-restarts-nothing: Job/minimal-mastodon-secrets: disappears ${because}`,
    `version-restarts-nothing: ${web}: restarts ${because}`,
    `version-restarts-nothing: ${claim} spec.accessModes[0]: cannot be changed after creation ("ReadWriteOnce" → "ReadWriteMany") ${because}`,
  ])
})
