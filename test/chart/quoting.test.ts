// Text that YAML reads as a number, a boolean or nothing; fuzzing and values coverage found most of it.
import { checkNames } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { checkSchema } from '../rules/project.ts'
import { everything } from './components.ts'
import { merge, render, type Values, violations } from './render.ts'
import { dataOf, secretsOf, viewOf, workload } from './views.ts'

const texts: readonly (readonly [string | number | boolean, string])[] = [
  ...([1000000, 12345678901, 0.5, 0, true, false] as const).map(
    (value) => [value, String(value)] as const,
  ),
  ...[
    ...['', 'yes', '0644', '1e3', 'null', '~', '{a: b}', '# no comment', ' spaces '],
    ...['two\nlines\n', 'quotes " and \' and \\', '{{ no template }}', 'Grüße 🐘', '$A $HOME'],
  ].map((text) => [text, text] as const),
]
// Some variables have names that YAML reads as something else, too.
const names = ['yes', 'on', 'null', ...texts.map((_, index) => `V${index}`)]
const given = Object.fromEntries(texts.map(([value], index) => [names[index], value]))
const expected = Object.fromEntries(texts.map(([, text], index) => [names[index], text]))

describe('every text, number and boolean survives', () => {
  test('in the ConfigMap', async () => {
    expect(dataOf(await render({ env: given }))).toMatchObject(expected)
  })

  test('in the Secret', async () => {
    expect(secretsOf(await render({ secretEnv: given }))).toEqual(expected)
  })

  test.each(['web', 'streaming', 'postgresql', 'redis'])('in env of %s', async (name) => {
    const own = { env: given }
    const values: Values = { web: own, streaming: own, postgresql: own, redis: own }
    expect((await workload(name, values)).env).toMatchObject(expected)
  })

  test('as label and as annotation', async () => {
    const words = { a: 'true', b: '1000000', c: '0644' }
    const chart = await render({ commonLabels: words, commonAnnotations: words })
    const { labels, annotations } = chart.one('ConfigMap', 'mastodon-env').metadata
    expect(labels).toMatchObject(words)
    expect(annotations).toMatchObject(words)
  })

  test('as password', async () => {
    const value = 'p"a\'s\\s: #w{o}r%d\n$x'
    const password = { value }
    const chart = await render({ postgresql: { password }, smtp: { password } })
    expect(secretsOf(chart, 'mastodon-databases').postgresql).toBe(value)
    expect(secretsOf(chart).SMTP_PASSWORD).toBe(value)
  })
})

test.each(['7', '0644', '1e3', 'yes', 'null'])('names that read %s stay text', async (name) => {
  const map = { [name]: name }
  const values: Values = {
    image: { pullSecrets: [name] },
    pod: {
      ...{ serviceAccount: { name }, priorityClassName: name, runtimeClassName: name },
      ...{ podLabels: map, labels: map, annotations: map, podAnnotations: map },
    },
    storage: {
      postgresql: {
        ...{ type: 'nfs', nfs: { server: 'nas', path: '/export' } },
        ...{ claimName: name, volumeName: name },
      },
    },
  }
  const chart = await render(merge(everything, values))
  expect(chart).toHaveNoProblems(checkNames(chart))
  expect(chart.one('PersistentVolumeClaim', name).spec?.volumeName).toBe(name)
  expect(chart).toHaveNoProblems(chart.objects.flatMap((object) => checkSchema(object, '1.36')))
  const { object, podMetadata } = viewOf(chart, 'web')
  const { labels, annotations } = podMetadata
  expect([object.metadata.annotations, labels, annotations]).toMatchObject([map, map, map])
})

test.each(['yes', 'on', 'null', 'y'])('objects may be called %s', async (name) => {
  const values: Values = {
    nameOverride: name,
    web: { name, hostname: name, subdomain: name, env: { [name]: 'a' } },
    streaming: { name: `${name}-s` },
    ingress: { enabled: true },
  }
  const chart = await render(merge(everything, values))
  expect(chart).toHaveNoProblems(checkNames(chart))
  expect(chart).toHaveNoProblems(chart.objects.flatMap((object) => checkSchema(object, '1.36')))
  const { env, pod, podMetadata } = viewOf(chart, 'web')
  expect(env[name]).toBe('a')
  expect(pod).toMatchObject({ hostname: name, subdomain: name })
  expect(podMetadata.labels?.['app.kubernetes.io/name']).toBe(name)
})

test.each([
  [{ image: { pullSecrets: [''] } }, 'image.pullSecrets[0]'],
  [{ commonAnnotations: { 'UPPER.example/a': 'a' } }, 'a name of 63 letters'],
])('%j is refused, as Kubernetes would refuse it: %s', async (values, text) => {
  expect((await violations(values)).join('\n')).toContain(text)
})

test('text of two lines stays as it is at the end of what a pod takes from the values', async () => {
  const tolerations = [{ key: 'a\nb' }]
  const chart = await render({ pod: { tolerations } })
  expect(chart.pods().length).toBeGreaterThan(5)
  for (const { owner, spec } of chart.pods()) {
    expect(spec.tolerations, owner.metadata.name).toEqual(tolerations)
  }
})

// Numbers are no hosts: everything that reads like another type, wherever a text may be.
test('text that YAML reads as something else stays text, wherever it is', async () => {
  const outside = (existingSecret: string, key: string) => ({ existingSecret, key })
  const chart = await render({
    mastodon: { localDomain: 'yes', webDomain: 'on', trustedProxies: ['2001:db8::'] },
    postgresql: {
      ...{ mode: 'external', host: 'yes', database: 'on', user: 'null' },
      ...{ password: outside('off', '1e3'), ca: outside('0644', '0x1F') },
      direct: { host: 'no' },
    },
    redis: { mode: 'external', host: 'no', user: '1_000', password: outside('12', 'yes') },
    smtp: {
      ...{ server: 'y', login: '0o7', domain: 'off', fromAddress: 'on@no' },
      password: outside('3.22', 'off'),
    },
    objectStorage: {
      type: 's3',
      s3: {
        ...{ bucket: '123', region: 'on', keyPrefix: '0644', aliasHost: 'off' },
        ...{ accessKeyId: outside('1e3', 'yes'), secretAccessKey: outside('1e3', 'no') },
      },
    },
    ingress: { enabled: true },
    ...{ web: { name: 'y' }, streaming: { name: 'n', baseUrl: 'wss://off' } },
  })
  expect(dataOf(chart)).toMatchObject({
    ...{ LOCAL_DOMAIN: 'yes', WEB_DOMAIN: 'on', SMTP_SERVER: 'y', SMTP_LOGIN: '0o7' },
    ...{ DB_HOST: 'yes', DB_NAME: 'on', DB_USER: 'null', REDIS_HOST: 'no', REDIS_USER: '1_000' },
    TRUSTED_PROXY_IP: '2001:db8::',
    ...{ S3_BUCKET: '123', S3_REGION: 'on', S3_KEY_PREFIX: '0644', S3_ALIAS_HOST: 'off' },
  })
  expect(viewOf(chart, 'migrate').env.DB_HOST).toBe('no')
  expect(chart).toHaveNoProblems(chart.objects.flatMap((object) => checkSchema(object, '1.36')))
})
