import { expect, test } from 'vitest'
import '../../src/matchers.ts'
import { clean, renderOf } from '../support.ts'
import { manifestOf } from './bases.ts'

const file = (name: string, text: string): string =>
  `---\n# Source: demo/templates/${name}\n${text}\n`
const old = renderOf(
  file('web.yaml', manifestOf('Deployment')) + file('web.yaml', manifestOf('StatefulSet')),
)
const change = (from: string, to: string) => {
  const text = old.text.replaceAll(from, to)
  if (text === old.text) throw new Error(`nothing was changed: ${from}`)
  return renderOf(text)
}
const same = renderOf(`${old.text}\n`)
const image = change('main:1', 'main:2')
const unsafe = change('serviceName: demo', 'serviceName: other')

test('an upgrade that changes an image is safe, and restarts what has the image', () => {
  expect(image).toUpgradeSafelyFrom(old)
  expect(image).toRestartOnly(old, ['Deployment/demo', 'StatefulSet/demo'])
  expect(image).toRestartOnly(old, ['*/demo'])
  expect(image).toChangeOnly(old, [
    'Deployment/demo: spec.template.spec.containers[0].image',
    'StatefulSet/demo: *.image',
  ])
})

test('an upgrade that changes nothing is safe, restarts nothing and changes nothing', () => {
  expect(same).toUpgradeSafelyFrom(old)
  expect(same).toRestartOnly(old, [])
  expect(same).toChangeOnly(old, [])
})

test('an unsafe upgrade is reported with object, place, values and template', () => {
  expect(() => expect(unsafe).toUpgradeSafelyFrom(old)).toThrow(
    'the upgrade is not safe:\n  refused immutable-field: StatefulSet/demo spec.serviceName' +
      ': cannot be changed after creation ("demo" → "other") (demo/templates/web.yaml)',
  )
})

const reason = 'the StatefulSet is deleted by hand before'

test.for([
  { object: 'StatefulSet/demo', path: 'spec.serviceName', reason },
  { object: 'StatefulSet/*', path: 'spec.*', reason },
  { object: '*', reason },
])('what is allowed is safe: $object $path', (allowance) => {
  expect(unsafe).toUpgradeSafelyFrom(old, { allow: [allowance] })
})

test.for([
  [{ object: 'Deployment/demo', reason }, 'Deployment/demo is not needed. Remove it'],
  [
    { object: 'StatefulSet/demo', path: 'spec.selector', reason },
    'StatefulSet/demo: spec.selector is not needed. Remove it',
  ],
  [{ object: 'StatefulSet/demo', reason: ' ' }, 'StatefulSet/demo has no reason. Write one'],
] as const)('an allowance must be needed, and have a reason: %s', ([allowance, sentence]) => {
  expect(() => expect(unsafe).toUpgradeSafelyFrom(old, { allow: [allowance] })).toThrow(
    `the allowance for ${sentence}`,
  )
})

test('the version of the cluster counts', () => {
  const after = change('replicas: 1', 'replicas: 1\n  revisionHistoryLimit: 2')
  expect(after).toUpgradeSafelyFrom(old, { kube: '1.33' })
  expect(() => expect(after).toUpgradeSafelyFrom(old, { kube: '1.32' })).toThrow(
    'cannot be changed before Kubernetes 1.33 (10 → 2)',
  )
})

test('a change that is not expected fails, with its values and its template', () => {
  expect(() => expect(image).toChangeOnly(old, ['Deployment/demo: *'])).toThrow(
    'the changes are different:\n  changes, and is not expected: StatefulSet/demo: spec.template.spec.containers[0].image: "example.org/main:1" → "example.org/main:2" (demo/templates/web.yaml)',
  )
})

test('an expected change that does not happen fails, with the nearest one', () => {
  const expected = ['*.image', 'Deployment/demo: spec.template.spec.containers[0].imag']
  expect(() => expect(image).toChangeOnly(old, expected)).toThrow(
    'is expected, and does not change: Deployment/demo: spec.template.spec.containers[0].imag. Nearest: Deployment/demo: spec.template.spec.containers[0].image, StatefulSet/demo',
  )
})

test('objects come with a plus and go with a minus', () => {
  const after = renderOf(
    file('web.yaml', manifestOf('Deployment')) + file('job.yaml', manifestOf('Job')),
  )
  expect(after).toChangeOnly(old, ['+ Job/demo', '- StatefulSet/demo'])
  expect(() => expect(after).toChangeOnly(old, ['- *'])).toThrow(
    'changes, and is not expected: + Job/demo (demo/templates/job.yaml)',
  )
})

test('what an immutable Secret held is not shown when it changes; what kind it was is', () => {
  const before = renderOf(manifestOf('SecretFixed'))
  const expectSafe = (from: string, to: string) => () =>
    expect(renderOf(manifestOf('SecretFixed').replace(from, to))).toUpgradeSafelyFrom(before)
  expect(expectSafe('a: b', 'a: c')).toThrow(
    /: Secret\/demo data\.a: cannot be changed after creation \(not shown\)$/,
  )
  expect(expectSafe('stringData:\n  a: b', '')).toThrow(
    /: Secret\/demo data: cannot be changed after creation \(not shown\)$/,
  )
  expect(expectSafe('immutable: true', 'type: other')).toThrow('("Opaque" → "other")')
})

test('what a Secret holds is not shown', () => {
  const [before, after] = ['a: b', 'a: c'].map((data) =>
    renderOf(manifestOf('Secret').replace('a: b', data)),
  )
  if (!before || !after) throw new Error('two renders')
  expect(() => expect(after).toChangeOnly(before, [])).toThrow(
    'Secret/demo: stringData.a: differs (not shown)',
  )
})

test('a restart that is not expected fails, with what makes it', () => {
  expect(() => expect(image).toRestartOnly(old, ['Deployment/demo'])).toThrow(
    'the restarts are different:\n  restarts, and is not expected: StatefulSet/demo: spec.template.spec.containers[0].image: "example.org/main:1" → "example.org/main:2" (demo/templates/web.yaml)',
  )
})

test('an expected restart that does not happen fails', () => {
  const after = change('replicas: 2', 'replicas: 3')
  expect(() => expect(after).toRestartOnly(old, ['Deployment/demo'])).toThrow(
    'the restarts are different:\n  is expected, and does not restart: Deployment/demo',
  )
  expect(() => expect(after).toRestartOnly(old, ['Deployment/dem'])).toThrow(
    'does not restart: Deployment/dem. Nearest: Deployment/demo',
  )
})

test('what Kubernetes fills in may be written out without a restart', () => {
  expect(change('cpu: 500m', 'cpu: 0.5')).toRestartOnly(old, [])
  expect(change('      labels:', '      annotations: {}\n      labels:')).toRestartOnly(old, [])
  const written = change(
    'image: example',
    'terminationMessagePolicy: File\n          image: example',
  )
  expect(written).toRestartOnly(old, [])
})

test.for([
  ['paused: true', 'Deployment'],
  ['updateStrategy: {type: OnDelete}', 'StatefulSet'],
] as const)('pods that wait do not restart: %s', ([field, kind]) => {
  const render = (text: string) => renderOf(text.replace('spec:\n', `spec:\n  ${field}\n`))
  const before = render(manifestOf(kind))
  expect(render(manifestOf(kind).replace('main:1', 'main:2'))).toRestartOnly(before, [])
})

test('the opposite proves nothing, and is refused', () => {
  expect(() => expect(unsafe).not.toUpgradeSafelyFrom(old)).toThrow(
    '.not.toUpgradeSafelyFrom would pass for any other reason, too: expect what checkUpgrade(previous, next) finds.',
  )
  expect(() => expect(image).not.toChangeOnly(old, [])).toThrow('.not.toChangeOnly would pass')
  expect(() => expect(image).not.toRestartOnly(old, [])).toThrow('.not.toRestartOnly would pass')
})

test('what is not an upgrade is an error', async () => {
  expect(() => expect(old).toChangeOnly(old, [])).toThrow('a render is compared with itself')
  const other = await clean.render({ release: 'other' })
  const here = await clean.render()
  expect(() => expect(other).toUpgradeSafelyFrom(here)).toThrow(
    'the renders are of different releases (r, other): that is not an upgrade. Render both alike.',
  )
  expect(() => expect('text').toRestartOnly(here, [])).toThrow(
    'expect(…).toRestartOnly takes a render, as chart.render() returns it.',
  )
})
