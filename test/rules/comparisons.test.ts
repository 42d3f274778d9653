// The comparisons notice what differs. Every example is compared by npm start, which
// test/scripts/check-values.test.ts runs.
import { formatProblem, type Render } from 'chart-harness'
import { afterAll, expect, test } from 'vitest'
import {
  checkNothingRestarts,
  checkSameBytes,
  checkSameObjects,
  createTwins,
} from './comparisons.ts'
import { mutate } from './mutate.ts'
import { chart, renderExample } from './project.ts'

const twins = createTwins(chart.path, 'mastodon')
afterAll(() => twins.remove())

const options = (example: string): { release: string; files: string[] } => ({
  release: example,
  files: [`${chart.path}/../values-examples/${example}.yaml`],
})

test('the post’s example gives the same bytes twice', async () => {
  const first = await renderExample('mstdnblue')
  const again = await twins.again.render(options('mstdnblue'))
  expect(again).toHaveNoProblems(checkSameBytes(first, again))
})

test('a new version of the chart restarts nothing in the post’s example', async () => {
  const example = 'mstdnblue'
  const before = await renderExample(example)
  const after = await twins.bumped.render(options(example))
  const chartLabel = (render: Render): unknown =>
    render.objects[0]?.metadata.labels?.['helm.sh/chart']
  expect(chartLabel(after)).toBe('mastodon-99.99.99')
  expect(chartLabel(before)).not.toBe('mastodon-99.99.99')
  expect(after).toHaveNoProblems(checkNothingRestarts(before, after))
})

const web = 'Deployment/minimal-mastodon-web'

test('another byte is noticed', async () => {
  const first = await renderExample('minimal')
  const second = {
    ...mutate(first, []),
    text: first.text.replace('runAsGroup: 991', 'runAsGroup: 992'),
  }
  expect(checkSameBytes(first, second).map(formatProblem)).toEqual([
    expect.stringMatching(
      /^same-bytes: all objects: rendering twice gives two texts; they first differ in line \d+: " +runAsGroup: 991", then " +runAsGroup: 992"\.$/,
    ),
  ])
})

test('another byte of a Secret is noticed, and not shown', async () => {
  const text =
    '---\nkind: ConfigMap\n---\nkind: Secret\nstringData:\n  a: hidden1\n---\nkind: Pod\n'
  const first = { ...mutate(await renderExample('minimal'), []), text }
  const second = { ...first, text: text.replace('hidden1', 'hidden2') }
  expect(checkSameBytes(first, second).map(formatProblem)).toEqual([
    'same-bytes: all objects: rendering twice gives two texts; they first differ in line 6: inside a Secret.',
  ])
})

test('a field that only one Helm sets is noticed', async () => {
  const helm3 = await renderExample('minimal', { helm: 3 })
  const other = mutate(helm3, [{ object: web, path: 'spec.replicas', value: 2 }])
  expect(checkSameObjects(helm3, other).map(formatProblem)).toEqual([
    `helm-3-equals-helm-4: ${web} spec.replicas: is 1 with Helm 3 and 2 with Helm 4.`,
  ])
})

test('an object that only one Helm renders is noticed', async () => {
  const helm3 = await renderExample('minimal', { helm: 3 })
  const other = mutate(helm3, [{ object: web, path: 'metadata.name', value: 'other' }])
  expect(checkSameObjects(helm3, other).map(formatProblem)).toEqual([
    'helm-3-equals-helm-4: Deployment/other: only Helm 4 renders it.',
    `helm-3-equals-helm-4: ${web}: only Helm 3 renders it.`,
  ])
})

test('a version in a pod, a renamed Job and a changed claim are noticed', async () => {
  const before = await renderExample('minimal')
  const pod = 'spec.template.metadata.labels["helm.sh/chart"]'
  const claim = 'PersistentVolumeClaim/minimal-mastodon-system'
  const after = mutate(before, [
    { object: web, path: pod, value: 'mastodon-99.99.99' },
    { object: 'Job/minimal-mastodon-secrets', path: 'metadata.name', value: 'renamed' },
    { object: claim, path: 'spec.accessModes', value: ['ReadWriteMany'] },
  ])
  const because = 'when only the version of the chart changes.'
  expect(checkNothingRestarts(before, after).map(formatProblem)).toEqual([
    `version-restarts-nothing: Job/renamed: appears ${because}`,
    `version-restarts-nothing: Job/minimal-mastodon-secrets: disappears ${because}`,
    `version-restarts-nothing: ${web}: restarts ${because}`,
    `version-restarts-nothing: ${claim} spec.accessModes[0]: cannot be changed after creation ("ReadWriteOnce" → "ReadWriteMany") ${because}`,
  ])
})
