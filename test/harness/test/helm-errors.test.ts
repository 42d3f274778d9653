import { describe, expect, test } from 'vitest'
import { createChart } from '../src/render/chart.ts'
import { HelmError } from '../src/render/helm-errors.ts'
import { fixture } from './support.ts'

const chart = createChart({ path: fixture('sentinel') })
const template = 'sentinel/templates/config-map.yaml'
const nil = 'nil pointer evaluating interface {}.key'
const missing = 'no template "sentinel.nowhere"'

const worker = (more: object) => ({ settings: { workers: [{ name: 'a', ...more }] } })

// The same on both Helms, however different their texts are: a new Helm that breaks this is found here.
describe.each([3, 4] as const)('Helm %i', (helm) => {
  test.each([
    ['fail', 'fail', template, 1, 'web.hosts: required. Set one.\nweb.port: too low. Raise it.'],
    ['required', 'fail', template, 2, 'web.domain: required.'],
    ['nil', 'template', template, 3, nil],
    ['include', 'template', 'sentinel/templates/_helpers.tpl', 2, nil],
    ['tpl', 'template', template, 5, nil],
    ['type', 'template', template, 6, 'wrong type for value; expected string; got int64'],
    ['no-template', 'template', template, 7, `${missing} associated with template "gotpl"`],
    ['yaml', 'yaml', template, 6, 'line 6: did not find expected key'],
  ])('mode %s is a %s error with its place and cause', async (mode, kind, where, line, cause) => {
    const failure = await chart.renderFails({ helm, values: { mode } })
    expect(failure).toMatchObject({ kind, template: where, line, cause })
  })

  test('the messages that fail collected are one line each', async () => {
    const { lines } = await chart.renderFails({ helm, values: { mode: 'fail' } })
    expect(lines).toEqual(['web.hosts: required. Set one.', 'web.port: too low. Raise it.'])
  })

  test('a template that cannot be parsed is named with its line', async () => {
    const broken = createChart({ path: fixture('unparsable') })
    const failure = await broken.renderFails({ helm })
    expect(failure).toMatchObject({
      kind: 'template',
      template: 'unparsable/templates/config-map.yaml',
      line: 2,
      cause: 'missing value for if',
    })
  })

  test.each([
    [{ count: -1 }, 'count', 'must be at least 0'],
    [{ count: 10 }, 'count', 'must be at most 9'],
    [{ count: 1.5 }, 'count', 'must be integer'],
    [{ mode: 'A B' }, 'mode', 'does not match ^[a-z-]+$'],
    [{ domain: '' }, 'domain', 'must have at least 1 characters'],
    [{ domain: 'x'.repeat(10) }, 'domain', 'must have at most 9 characters'],
    [{ unknown: 1 }, 'unknown', 'is not a known key'],
    [{ settings: [] }, 'settings', 'must be object'],
    [{ settings: { size: [] } }, 'settings.size', 'must be integer or string'],
    [{ settings: { policy: 'Often' } }, 'settings.policy', 'must be one of Always, Never'],
    [{ settings: { version: 2 } }, 'settings.version', 'must be 1'],
    [{ settings: { off: 1 } }, 'settings.off', 'is not allowed here'],
    [{ settings: { size: 2 } }, 'settings.policy', 'is required'],
    [{ settings: { workers: [] } }, 'settings.workers', 'must have at least 1 items'],
    [{ settings: { workers: [1, 2, 3] } }, 'settings.workers', 'must have at most 2 items'],
    [{ settings: { workers: [{}] } }, 'settings.workers[0].name', 'is required'],
    [worker({ nam: 1 }), 'settings.workers[0].nam', 'is not a known key'],
    [worker({ 'odd/key': 1 }), 'settings.workers[0].odd/key', 'must be boolean'],
  ])('the schema refuses %o at %s: %s', async (values, path, message) => {
    const failure = await chart.renderFails({ helm, values })
    expect(failure).toMatchObject({ kind: 'schema' })
    expect(failure.violations).toContainEqual({ path, message })
  })

  test('several violations come sorted by path, each once', async () => {
    const values = { count: -1, b: 1, a: 1, settings: { size: 2, off: 1 } }
    const { lines } = await chart.renderFails({ helm, values })
    expect(lines).toEqual([
      'a: is not a known key',
      'b: is not a known key',
      'count: must be at least 0',
      'settings.off: is not allowed here',
      'settings.policy: is required',
    ])
  })

  test('a values file that is not YAML is a yaml error, one that does not exist a usage error', async () => {
    const broken = await chart.renderFails({ helm, files: [fixture('broken-values.yaml')] })
    const absent = await chart.renderFails({ helm, files: [fixture('absent.yaml')] })
    expect([broken.kind, absent.kind]).toEqual(['yaml', 'usage'])
    expect(broken.cause).toContain('broken-values.yaml')
    expect(absent.cause).toContain('absent.yaml: no such file')
  })

  test('a Kubernetes that the chart does not support is a usage error', async () => {
    const failure = await chart.renderFails({ helm, kube: '1.29' })
    expect(failure).toMatchObject({
      kind: 'usage',
      cause: 'chart requires kubeVersion: >=1.30.0-0 which is incompatible with Kubernetes v1.29.0',
    })
  })

  test('render() throws one readable error with the command', async () => {
    const error = await chart
      .render({ helm, values: { mode: 'required' } })
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(HelmError)
    expect(String(error)).toMatch(
      /^HelmError: sentinel\/templates\/config-map\.yaml:2:\d+: web\.domain: required\.\n {2}echo '\{"mode":"required"\}' \| helm template sentinel /,
    )
  })

  test('a key that occurs twice in a template is an error though Helm accepts it', async () => {
    await expect(chart.render({ helm, values: { mode: 'twice' } })).rejects.toThrow(
      'sentinel/templates/config-map.yaml: duplicated mapping key',
    )
  })
})

test('renderFails() throws when the render works', async () => {
  await expect(chart.renderFails()).rejects.toThrow(
    'the render should fail, but works:\n  helm template sentinel ',
  )
})

test('with schema "skip" Helm does not look at the schema', async () => {
  await expect(chart.render({ values: { unknown: 1 }, schema: 'skip' })).resolves.toBeDefined()
})
