// The facts of the blog post with which the chart began, in the example that carries them out.
import { expect, test } from 'vitest'
import { renderExample } from '../rules/project.ts'
import { componentOf, viewOf } from './views.ts'

const chart = await renderExample('mstdnblue')

test.for([
  ['web', 3000],
  ['streaming', 4000],
] as const)('%s has a load balancer on port %i', ([component, port]) => {
  const { spec } = chart.one('Service', `${component}-mstdnblue`)
  expect(spec).toMatchObject({ type: 'LoadBalancer', ports: [{ port }] })
})

test('no pod runs beside its successor', () => {
  const strategies = chart.all('Deployment', { min: 3 }).map(({ spec }) => spec?.strategy?.type)
  expect(new Set(strategies)).toEqual(new Set(['Recreate']))
})

test.for([
  ['postgres-mstdnblue', 'postgres-mstdnblue', 'postgres-mstdnblue-data', 'ReadWriteOnce'],
  [
    'mastodon-public-mstdnblue',
    'mastodon-public-mstdnblue-pvc',
    'mastodon-public-mstdnblue',
    'ReadWriteMany',
  ],
] as const)('the volume %s and the claim %s belong together', ([volume, claim, share, mode]) => {
  const { metadata, spec } = chart.one('PersistentVolume', volume)
  expect(metadata.annotations?.name).toBe(volume)
  expect(spec).toMatchObject({
    accessModes: [mode],
    capacity: { storage: '50Gi' },
    claimRef: { name: claim },
    mountOptions: ['nfsvers=3'],
    nfs: { server: '192.168.8.253', path: `/mnt/tank/share/nfs/k8s/${share}` },
  })
  expect(chart.one('PersistentVolumeClaim', claim).spec?.volumeName).toBe(volume)
})

test.for(['web', 'sidekiq-all'])('%s writes media to the share', (component) => {
  const { main, pod } = viewOf(chart, component)
  const mount = main.volumeMounts?.find(({ mountPath }) => mountPath.endsWith('/public/system'))
  expect(mount?.readOnly ?? false).toBe(false)
  expect(pod.volumes?.find(({ name }) => name === mount?.name)).toMatchObject({
    persistentVolumeClaim: { claimName: 'mastodon-public-mstdnblue-pvc' },
  })
})

test('Redis keeps nothing: it has no claim', () => {
  const { pod, object } = viewOf(chart, 'redis')
  const claims = chart.all('PersistentVolumeClaim').map(({ metadata }) => metadata)
  expect(claims.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['mastodon-public-mstdnblue-pvc', 'postgres-mstdnblue']),
  )
  expect(claims.map(componentOf)).not.toContain('storage-redis')
  expect(object.spec).not.toHaveProperty('volumeClaimTemplates')
  expect(pod.volumes?.filter((volume) => volume.persistentVolumeClaim)).toEqual([])
  expect(pod.volumes).toContainEqual(expect.objectContaining({ emptyDir: expect.anything() }))
})
