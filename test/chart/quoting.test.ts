import { checkNames } from 'chart-harness'
import { expect, test } from 'vitest'
import { checkSchema } from '../rules/project.ts'
import { everything } from './components.ts'
import { merge } from './merge.ts'
import { render, type Values, violations } from './render.ts'
import { dataOf, envOf, secretsOf, viewOf } from './views.ts'

// What fuzzing and values coverage found: text that YAML reads as a number, a boolean or nothing.
const nfs = { type: 'nfs', nfs: { server: 'nas', path: '/export' } } as const

test.each(['7', '0644', '1e3', 'yes', 'null'])('names that read %s stay text', async (name) => {
  const values: Values = {
    image: { pullSecrets: [name] },
    pod: {
      serviceAccount: { name },
      podLabels: { [name]: name },
      labels: { [name]: name },
      annotations: { [name]: name },
      podAnnotations: { [name]: name },
      priorityClassName: name,
      runtimeClassName: name,
    },
    storage: { postgresql: { ...nfs, claimName: name, volumeName: name } },
  }
  const chart = await render(merge(everything, values))
  expect(chart).toHaveNoProblems(checkNames(chart))
  expect(chart.one('PersistentVolumeClaim', name).spec?.volumeName).toBe(name)
  expect(chart.one('PersistentVolume', name).spec?.claimRef?.name).toBe(name)
  expect(viewOf(chart, 'postgresql').pod.volumes).toContainEqual(
    expect.objectContaining({ persistentVolumeClaim: { claimName: name } }),
  )
  const { object, pod, podMetadata } = viewOf(chart, 'web')
  expect(object.metadata.annotations?.[name]).toBe(name)
  expect(pod).toMatchObject({ imagePullSecrets: [{ name }], serviceAccountName: name })
  expect(pod).toMatchObject({ priorityClassName: name, runtimeClassName: name })
  expect(podMetadata.labels?.[name]).toBe(name)
  expect(podMetadata.annotations?.[name]).toBe(name)
})

test.each(['yes', 'on', 'null', 'y'])('words that name objects and variables: %s', async (name) => {
  const values: Values = {
    nameOverride: name,
    web: { name, hostname: name, subdomain: name, env: { [name]: 'a' } },
    streaming: { name: `${name}-s` },
    env: { [name]: name },
    secretEnv: { [`${name}_`]: name },
    ingress: { enabled: true },
  }
  const chart = await render(merge(everything, values))
  expect(chart).toHaveNoProblems(checkNames(chart))
  expect(chart).toHaveNoProblems(chart.objects.flatMap((object) => checkSchema(object, '1.36')))
  const { main, pod, podMetadata } = viewOf(chart, 'web')
  expect(main.env?.find((entry) => entry.value === 'a')?.name).toBe(name)
  expect(pod).toMatchObject({ hostname: name, subdomain: name })
  expect(podMetadata.labels?.['app.kubernetes.io/name']).toBe(name)
})

const anyName = 'a name of 63 letters'

test.each([
  [{ image: { pullSecrets: [''] } }, 'image.pullSecrets[0]'],
  [{ web: { envFrom: [{ secretRef: { name: null } }] } }, 'web.envFrom[0].secretRef.name'],
  [{ storage: { system: { claimName: 'a..b' } } }, 'storage.system.claimName'],
  [{ commonLabels: { 'not legal': 'a' } }, anyName],
  [{ commonAnnotations: { 'UPPER.example/a': 'a' } }, anyName],
] as const)('%j is refused, as Kubernetes would refuse it: %s', async (values, text) => {
  expect((await violations(values)).join('\n')).toContain(text)
})

test('an ingress class of any spelling stays text', async () => {
  const values = { ingress: { enabled: true, className: '{{' } }
  const chart = await render(merge(everything, values))
  expect(chart.one('Ingress', 'mastodon-web').spec?.ingressClassName).toBe('{{')
})

test('databases may be called yes and on', async () => {
  const chart = await render({ postgresql: { name: 'yes' }, redis: { name: 'on' } })
  const { main } = viewOf(chart, 'web')
  expect(main.env).toContainEqual({ name: 'DB_HOST', value: 'yes' })
  expect(main.env).toContainEqual({ name: 'REDIS_HOST', value: 'on' })
})

test('an address that ends in colons stays an address', async () => {
  const chart = await render({ mastodon: { trustedProxies: ['2001:db8::'] } })
  expect(dataOf(chart, 'mastodon-env').TRUSTED_PROXY_IP).toBe('2001:db8::')
})

test('variables may be called yes and on', async () => {
  const chart = await render({ env: { yes: 'a', null: 'b' }, secretEnv: { on: 'c' } })
  expect(dataOf(chart, 'mastodon-env')).toMatchObject({ yes: 'a', null: 'b' })
  expect(secretsOf(chart, 'mastodon-env')).toMatchObject({ on: 'c' })
})

test('keys in a Secret whose name is a number are found', async () => {
  const chart = await render({ secrets: { existingSecret: '3.22' } })
  const { main } = viewOf(chart, 'web')
  expect(main.envFrom).toContainEqual({ secretRef: { name: '3.22' } })
})

test('text of two lines stays as it is at the end of what a pod takes from the values', async () => {
  const tolerations = [{ key: 'a\nb' }]
  const chart = await render({ pod: { tolerations } })
  expect(chart.pods().length).toBeGreaterThan(5)
  for (const { owner, spec } of chart.pods()) {
    expect(spec.tolerations, owner.metadata.name).toEqual(tolerations)
  }
})

test('text that YAML reads as something else stays text, wherever it stands', async () => {
  const outside = (existingSecret: string, key: string) => ({ existingSecret, key })
  const chart = await render({
    mastodon: { localDomain: 'yes', webDomain: 'on' },
    postgresql: {
      ...{ mode: 'external', host: 'yes', database: 'on', user: 'null' },
      ...{ password: outside('off', '1e3'), ca: outside('0644', '0x1F') },
      direct: { host: 'no' },
    },
    redis: { mode: 'external', host: 'no', user: '1_000', password: outside('12', 'yes') },
    smtp: {
      ...{ server: 'y', login: '0o7', fromAddress: 'yes', replyTo: 'on', returnPath: 'no' },
      ...{ domain: 'off', password: outside('3.22', 'off') },
    },
    objectStorage: {
      type: 's3',
      s3: {
        ...{ bucket: '123', region: 'on', hostname: 'yes', keyPrefix: '0644', aliasHost: 'off' },
        ...{ accessKeyId: outside('1e3', 'yes'), secretAccessKey: outside('1e3', 'no') },
      },
    },
    ingress: { enabled: true, streaming: { host: 'off' } },
    web: { name: 'y' },
    streaming: { name: 'n' },
  })
  expect(dataOf(chart, 'mastodon-env')).toMatchObject({
    ...{ LOCAL_DOMAIN: 'yes', WEB_DOMAIN: 'on' },
    ...{ DB_HOST: 'yes', DB_NAME: 'on', DB_USER: 'null', REDIS_HOST: 'no', REDIS_USER: '1_000' },
    ...{ SMTP_SERVER: 'y', SMTP_LOGIN: '0o7', SMTP_REPLY_TO: 'on', SMTP_RETURN_PATH: 'no' },
    ...{ S3_BUCKET: '123', S3_REGION: 'on', S3_HOSTNAME: 'yes', S3_ALIAS_HOST: 'off' },
  })
  expect(envOf(viewOf(chart, 'migrate').main).DB_HOST).toBe('no')
  const problems = chart.objects.flatMap((object) => checkSchema(object, '1.36'))
  expect(chart).toHaveNoProblems(problems)
})
