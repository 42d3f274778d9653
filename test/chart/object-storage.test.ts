// Media outside of the volume, and defects of other charts (rivals.md 2b, rows 37 to 40) that cannot happen here.
import { expect, test } from 'vitest'
import { admin, bucket, stores } from './components.ts'
import { merge, render, type Values } from './render.ts'
import { dataOf, runningIn, secret, viewOf, workload } from './views.ts'

const rubies = ['web', 'sidekiq-all', 'migrate', 'post-migrate', 'admin']

test.each(Object.keys(stores))('with %s the one switch of Mastodon is on', async (type) => {
  const switches = Object.entries(dataOf(await render(stores[type]))).filter(([name]) =>
    /^(S3|SWIFT|AZURE)_ENABLED$/.test(name),
  )
  expect(switches).toEqual([[`${type.toUpperCase()}_ENABLED`, 'true']])
})

test.each(Object.keys(stores))('with %s nothing mounts or claims the volume', async (type) => {
  const chart = await render(merge(admin, stores[type] ?? {}))
  const volumes = chart.pods().flatMap(({ spec }) => spec.volumes ?? [])
  expect(volumes.map(({ name }) => name)).not.toContain('system')
  expect(chart.has('PersistentVolumeClaim', 'mastodon-system')).toBe(false)
})

test.each(['web', 'sidekiq-all'])('%s mounts the volume where the values say', async (name) => {
  const mastodon = { mediaPath: '/media', mediaUrl: 'https://media.example.com' }
  const { main } = await workload(name, { mastodon })
  const mount = main.volumeMounts?.find((each) => each.name === 'system')
  expect(mount?.mountPath).toBe('/media')
})

const from = (key: string) => ({ existingSecret: 'operators', key })
const madeByOperator: Values = {
  objectStorage: {
    type: 's3',
    s3: {
      ...{ bucketFrom: from('bucket'), regionFrom: from('region') },
      ...{ endpointFrom: from('endpoint'), aliasHost: 'media.example.com' },
    },
  },
}

test.each(rubies)('%s learns bucket, region and endpoint from a Secret', async (name) => {
  const { env } = viewOf(await render(merge(admin, madeByOperator)), name)
  expect(env).toMatchObject({
    S3_BUCKET: secret('operators', 'bucket'),
    S3_REGION: secret('operators', 'region'),
    S3_ENDPOINT: secret('operators', 'endpoint'),
  })
})

test('the name of a bucket may be in a ConfigMap', async () => {
  const bucketFrom = { existingConfigMap: 'claim', key: 'BUCKET_NAME' }
  const { env } = await workload('web', { objectStorage: { type: 's3', s3: { bucketFrom } } })
  expect(env.S3_BUCKET).toEqual({ configMapKeyRef: { name: 'claim', key: 'BUCKET_NAME' } })
})

// mastodon/helm-charts: keys `required`.
test('rivals 2b: keys of S3 are not compulsory', async () => {
  const chart = await render(bucket)
  expect(dataOf(chart).S3_BUCKET).toBe('media')
})

// mastodon/chart: empty keys, which win over the identity of the pod.
test('rivals 2b: with an identity of the pods no empty keys are written', async () => {
  const chart = await render(merge(bucket, admin))
  for (const name of runningIn(chart)) {
    const names = Object.keys(viewOf(chart, name).env)
    expect(names.filter((each) => each.startsWith('AWS_'))).toEqual([])
  }
  const secrets = chart.objects.filter(({ kind }) => kind === 'Secret')
  expect(JSON.stringify(secrets)).not.toContain('AWS_')
})

test.each(rubies)('the identity in the cloud reaches %s', async (name) => {
  const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/mastodon' }
  const values = merge(bucket, admin, { pod: { serviceAccount: { annotations } } })
  const chart = await render(values)
  const account = viewOf(chart, name).pod.serviceAccountName ?? ''
  expect(chart.one('ServiceAccount', account).metadata.annotations).toMatchObject(annotations)
})

test('the hook that makes secrets has no identity in the cloud', async () => {
  const annotations = { role: 'arn' }
  const chart = await render({ pod: { serviceAccount: { annotations } } })
  const account = viewOf(chart, 'secrets').pod.serviceAccountName ?? ''
  expect(chart.one('ServiceAccount', account).metadata.annotations).not.toHaveProperty('role')
})
