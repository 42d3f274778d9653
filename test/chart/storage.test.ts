import { describe, expect, test } from 'vitest'
import { render, type Values } from './render.ts'
import { viewOf } from './views.ts'

type Block = NonNullable<NonNullable<Values['storage']>['system']>

/** Each data set: which pod mounts it under which name of a volume. */
const sets = [
  { set: 'system', component: 'web', volume: 'system' },
  { set: 'postgresql', component: 'postgresql', volume: 'data' },
  { set: 'redis', component: 'redis', volume: 'data' },
]

/** The block that `make` gives each data set, for all of them, so that they share a render. */
const withSets = (make: (set: string) => Block): Values => ({
  storage: { system: make('system'), postgresql: make('postgresql'), redis: make('redis') },
})

const kept = {
  'helm.sh/resource-policy': 'keep',
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
}

const share: Block = {
  type: 'nfs',
  size: '50Gi',
  accessModes: ['ReadWriteMany'],
  nfs: { server: '192.0.2.1', path: '/export/data' },
}

describe.each(sets)('$set', ({ set, component, volume }) => {
  const claim = `mastodon-${set}`
  const mounted = async (values: Values) =>
    viewOf(await render(values), component).pod.volumes?.find(({ name }) => name === volume)

  test('a claim is made from the default class', async () => {
    const { spec } = (await render()).one('PersistentVolumeClaim', claim)
    expect(spec?.accessModes).toEqual(['ReadWriteOnce'])
    expect(spec).not.toHaveProperty('storageClassName')
    expect(await mounted({})).toEqual({ name: volume, persistentVolumeClaim: { claimName: claim } })
  })

  test('a claim is made as the values say', async () => {
    const values = withSets((name) => ({
      size: '1Ti',
      accessModes: ['ReadWriteMany'],
      storageClassName: 'fast',
      claimName: `mine-${name}`,
      claimAnnotations: { backup: 'yes' },
    }))
    const { spec, metadata } = (await render(values)).one('PersistentVolumeClaim', `mine-${set}`)
    expect(spec).toEqual({
      accessModes: ['ReadWriteMany'],
      storageClassName: 'fast',
      resources: { requests: { storage: '1Ti' } },
    })
    expect(metadata.annotations).toMatchObject({ backup: 'yes' })
    expect(await mounted(values)).toEqual({
      name: volume,
      persistentVolumeClaim: { claimName: `mine-${set}` },
    })
  })

  test('an empty class is kept: it means none', async () => {
    const chart = await render(withSets(() => ({ storageClassName: '' })))
    expect(chart.one('PersistentVolumeClaim', claim).spec?.storageClassName).toBe('')
  })

  test('a dynamic claim survives helm uninstall and the pruning of Argo CD', async () => {
    const { annotations } = (await render()).one('PersistentVolumeClaim', claim).metadata
    expect(annotations).toEqual(kept)
  })

  test('an annotation of the user cannot undo that', async () => {
    const block = { claimAnnotations: { 'helm.sh/resource-policy': 'delete' } }
    const chart = await render(withSets(() => block))
    expect(chart.one('PersistentVolumeClaim', claim).metadata.annotations).toEqual(kept)
  })

  test('a share becomes a volume that only its claim can take', async () => {
    const chart = await render(
      withSets(() => share),
      { namespace: 'social' },
    )
    expect(chart.one('PersistentVolume', `social-mastodon-${set}`).spec).toEqual({
      capacity: { storage: '50Gi' },
      accessModes: ['ReadWriteMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      mountOptions: ['nfsvers=3'],
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: 'social',
        name: claim,
      },
      nfs: { server: '192.0.2.1', path: '/export/data' },
    })
  })

  test('the claim of a share may go, as its volume stays', async () => {
    const chart = await render(withSets(() => share))
    expect(chart.one('PersistentVolumeClaim', claim).metadata.annotations).toBeUndefined()
  })

  test('the claim of a share takes its volume alone', async () => {
    const chart = await render(
      withSets(() => share),
      { namespace: 'social' },
    )
    expect(chart.one('PersistentVolumeClaim', claim).spec).toEqual({
      accessModes: ['ReadWriteMany'],
      storageClassName: '',
      volumeName: `social-mastodon-${set}`,
      resources: { requests: { storage: '50Gi' } },
    })
  })

  test('volume and claim of a share have the names of the values', async () => {
    const values = withSets((name) => ({
      ...share,
      volumeName: `pv-${name}`,
      claimName: `pvc-${name}`,
    }))
    const chart = await render(values)
    expect(chart.one('PersistentVolume', `pv-${set}`).spec?.claimRef?.name).toBe(`pvc-${set}`)
    expect(chart.one('PersistentVolumeClaim', `pvc-${set}`).spec?.volumeName).toBe(`pv-${set}`)
    expect(await mounted(values)).toMatchObject({
      persistentVolumeClaim: { claimName: `pvc-${set}` },
    })
  })

  test('the volume says which share it is', async () => {
    const chart = await render(withSets(() => ({ ...share, volumeAnnotations: { name: 'mine' } })))
    const { annotations } = chart.one('PersistentVolume', `mastodon-mastodon-${set}`).metadata
    expect(annotations).toEqual({
      name: 'mine',
      'mastodon-chart/nfs-share': '192.0.2.1:/export/data',
    })
  })

  test('a volume names the set of data as its component', async () => {
    const chart = await render(withSets(() => share))
    const { metadata } = chart.one('PersistentVolume', `mastodon-mastodon-${set}`)
    expect(metadata.labels?.['app.kubernetes.io/component']).toBe(`storage-${set}`)
  })

  test('a volume belongs to no namespace', async () => {
    const chart = await render(withSets(() => share))
    expect(chart.one('PersistentVolume', `mastodon-mastodon-${set}`).metadata).not.toHaveProperty(
      'namespace',
    )
  })

  test('options of the mount replace the default', async () => {
    const nfs = { ...share.nfs, mountOptions: ['nfsvers=4.2', 'hard'] }
    const chart = await render(withSets(() => ({ ...share, nfs })))
    expect(chart.one('PersistentVolume', `mastodon-mastodon-${set}`).spec?.mountOptions).toEqual([
      'nfsvers=4.2',
      'hard',
    ])
  })

  test('an existing claim is mounted, and none is made', async () => {
    const values = withSets(() => ({ type: 'existingClaim', existingClaim: 'theirs' }))
    expect(await mounted(values)).toEqual({
      name: volume,
      persistentVolumeClaim: { claimName: 'theirs' },
    })
    expect((await render(values)).has('PersistentVolumeClaim', claim)).toBe(false)
  })

  test('an emptyDir needs no claim', async () => {
    const values = withSets(() => ({ type: 'emptyDir' }))
    expect(await mounted(values)).toEqual({ name: volume, emptyDir: {} })
    expect((await render(values)).has('PersistentVolumeClaim', claim)).toBe(false)
  })

  test('no volume is made but for a share', async () => {
    const chart = await render(withSets(() => ({ type: 'dynamic' })))
    expect(() => chart.none('PersistentVolume')).not.toThrow()
  })
})

test('no claim is made that no pod mounts', async () => {
  const chart = await render({
    objectStorage: { type: 's3', s3: { bucket: 'media' } },
    postgresql: { mode: 'external', host: 'db.example.com' },
    redis: { mode: 'external', host: 'redis.example.com' },
    storage: { system: share, postgresql: share, redis: share },
  })
  expect(() => chart.none('PersistentVolumeClaim')).not.toThrow()
  expect(() => chart.none('PersistentVolume')).not.toThrow()
})

test('maintenance keeps all claims, as a tool that prunes would delete what is missing', async () => {
  const chart = await render({ maintenance: true })
  expect(chart.has('PersistentVolumeClaim', 'mastodon-system')).toBe(true)
})
