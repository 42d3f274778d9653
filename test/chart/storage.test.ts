import { describe, expect, test } from 'vitest'
import { bucket, external } from './components.ts'
import { merge, preset, render, type Values } from './render.ts'
import { componentOf, viewOf, workload } from './views.ts'

/** Each data set: which pod mounts it under which name of a volume. */
const sets = [
  { set: 'system', component: 'web', volume: 'system' },
  { set: 'postgresql', component: 'postgresql', volume: 'data' },
  { set: 'redis', component: 'redis', volume: 'data' },
] as const

/** The block for each data set, in one render. */
const withSets = (make: (set: string) => Values, options = {}) =>
  render({ storage: Object.fromEntries(sets.map(({ set }) => [set, make(set)])) }, options)

const kept = {
  'helm.sh/resource-policy': 'keep',
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
}
const nfs = { server: '192.0.2.1', path: '/export/data' }
const share: Values = { type: 'nfs', size: '50Gi', accessModes: ['ReadWriteMany'], nfs }
const shared = (more: Values = {}) => withSets(() => merge(share, more))

describe.each(sets)('$set', ({ set, component, volume }) => {
  const claim = `mastodon-${set}`
  const shareName = `mastodon-mastodon-${set}`
  const mounted = (chart: Awaited<ReturnType<typeof render>>) =>
    viewOf(chart, component).pod.volumes?.find(({ name }) => name === volume)
  const claimOf = async (block: Values) =>
    (await withSets(() => block)).one('PersistentVolumeClaim', claim)

  test('a claim is made from the default class, as values.yaml says', async () => {
    const chart = await render()
    const { accessModes, size } = preset<Values>(`storage.${set}`)
    expect(chart.one('PersistentVolumeClaim', claim).spec).toEqual({
      accessModes,
      resources: { requests: { storage: size } },
    })
    expect(mounted(chart)).toEqual({ name: volume, persistentVolumeClaim: { claimName: claim } })
  })

  test('a claim is made as the values say', async () => {
    const chart = await withSets((name) => ({
      ...{ size: '1Ti', accessModes: ['ReadWriteMany'], storageClassName: 'fast' },
      ...{ claimName: `mine-${name}`, claimAnnotations: { backup: 'yes' } },
    }))
    const { spec, metadata } = chart.one('PersistentVolumeClaim', `mine-${set}`)
    expect(spec).toEqual({
      ...{ accessModes: ['ReadWriteMany'], storageClassName: 'fast' },
      resources: { requests: { storage: '1Ti' } },
    })
    expect(metadata.annotations).toMatchObject({ backup: 'yes' })
    expect(mounted(chart)?.persistentVolumeClaim).toEqual({ claimName: `mine-${set}` })
  })

  test('an empty class is kept: it means none', async () => {
    expect((await claimOf({ storageClassName: '' })).spec?.storageClassName).toBe('')
  })

  test.each<[string, Values]>([
    ['by default', {}],
    ['whatever the user says', { claimAnnotations: { 'helm.sh/resource-policy': 'delete' } }],
  ])('a dynamic claim survives helm uninstall and the pruning of Argo CD %s', async (_, block) => {
    expect((await claimOf(block)).metadata.annotations).toEqual(kept)
  })

  test('a share becomes a volume that only its claim can take, and the other way round', async () => {
    const chart = await withSets(() => share, { namespace: 'social' })
    const name = `social-mastodon-${set}`
    const volumeOf = chart.one('PersistentVolume', name)
    expect(volumeOf.spec).toEqual({
      ...{ capacity: { storage: '50Gi' }, accessModes: ['ReadWriteMany'], nfs },
      ...{ persistentVolumeReclaimPolicy: 'Retain', storageClassName: '' },
      mountOptions: preset(`storage.${set}.nfs.mountOptions`),
      claimRef: {
        ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'social', name: claim },
      },
    })
    expect(volumeOf.metadata).not.toHaveProperty('namespace')
    expect(volumeOf.metadata.labels?.['app.kubernetes.io/component']).toBe(`storage-${set}`)
    const { spec, metadata } = chart.one('PersistentVolumeClaim', claim)
    expect(spec).toEqual({
      ...{ accessModes: ['ReadWriteMany'], storageClassName: '', volumeName: name },
      resources: { requests: { storage: '50Gi' } },
    })
    // The claim may go, as its volume stays.
    expect(metadata.annotations).toBeUndefined()
  })

  test('a directory of a node becomes a volume that only its claim can take, as a share does', async () => {
    const hostPath = { path: `/srv/${set}`, node: 'server1' }
    const block = { type: 'hostPath', size: '50Gi', accessModes: ['ReadWriteOnce'], hostPath }
    const chart = await withSets((name) => merge(block, { hostPath: { path: `/srv/${name}` } }))
    const { spec, metadata } = chart.one('PersistentVolume', shareName)
    expect(metadata.annotations).toEqual({ 'mastodon-chart/host-path': `/srv/${set}` })
    const onNode = { key: 'kubernetes.io/hostname', operator: 'In', values: ['server1'] }
    expect(spec).toEqual({
      ...{ capacity: { storage: '50Gi' }, accessModes: ['ReadWriteOnce'] },
      ...{ persistentVolumeReclaimPolicy: 'Retain', storageClassName: '' },
      // Kubernetes must not make the directory, as it would belong to root.
      hostPath: { path: `/srv/${set}`, type: 'Directory' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [onNode] }] } },
      claimRef: {
        ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'mastodon', name: claim },
      },
    })
    expect((await claimOf(block)).spec).toMatchObject({
      ...{ storageClassName: '', volumeName: shareName },
    })
    expect(mounted(chart)?.persistentVolumeClaim).toEqual({ claimName: claim })
  })

  test('a directory is used on any node unless the values name one', async () => {
    const chart = await withSets(() => ({ type: 'hostPath', hostPath: { path: '/srv/data' } }))
    expect(chart.one('PersistentVolume', shareName).spec).not.toHaveProperty('nodeAffinity')
  })

  test.each<[string, Values]>([
    ['a name', { volumeName: 'theirs' }],
    ['labels', { selector: { matchLabels: { disk: 'media' } } }],
  ])('a dynamic claim takes an existing volume by %s, and is kept', async (_, wanted) => {
    const { spec, metadata } = await claimOf({ ...wanted, storageClassName: '' })
    expect(spec).toMatchObject({ ...wanted, storageClassName: '' })
    expect(metadata.annotations).toEqual(kept)
  })

  test('one storage class is for all claims that name none', async () => {
    const all = { storageClassName: 'shared' }
    const others = Object.fromEntries(
      sets.filter((row) => row.set !== set).map((row) => [row.set, { storageClassName: 'own' }]),
    )
    const chart = await render({ storage: { ...all, ...others } })
    const classes = sets.map((row) => {
      const { spec } = chart.one('PersistentVolumeClaim', `mastodon-${row.set}`)
      return [row.set, spec?.storageClassName]
    })
    expect(classes).toEqual(sets.map((row) => [row.set, row.set === set ? 'shared' : 'own']))
  })

  test('volume and claim of a share have the names of the values', async () => {
    const chart = await withSets((name) => ({
      ...{ ...share, volumeName: `pv-${name}`, claimName: `pvc-${name}` },
    }))
    expect(chart.one('PersistentVolume', `pv-${set}`).spec?.claimRef?.name).toBe(`pvc-${set}`)
    expect(chart.one('PersistentVolumeClaim', `pvc-${set}`).spec?.volumeName).toBe(`pv-${set}`)
    expect(mounted(chart)?.persistentVolumeClaim).toEqual({ claimName: `pvc-${set}` })
  })

  test('the volume says which share it is', async () => {
    const chart = await shared({ volumeAnnotations: { name: 'mine' } })
    expect(chart.one('PersistentVolume', shareName).metadata.annotations).toEqual({
      name: 'mine',
      'mastodon-chart/nfs-share': '192.0.2.1:/export/data',
    })
  })

  test('options of the mount replace the default', async () => {
    const mountOptions = ['nfsvers=4.2', 'hard']
    const chart = await shared({ nfs: { mountOptions } })
    expect(chart.one('PersistentVolume', shareName).spec?.mountOptions).toEqual(mountOptions)
  })

  test.each<[Values, object]>([
    [
      { type: 'existingClaim', existingClaim: 'theirs' },
      { persistentVolumeClaim: { claimName: 'theirs' } },
    ],
    [{ type: 'emptyDir' }, { emptyDir: {} }],
  ])('%j is mounted, and no claim is made', async (block, source) => {
    const chart = await withSets(() => block)
    expect(mounted(chart)).toEqual({ name: volume, ...source })
    expect(chart.has('PersistentVolumeClaim', claim)).toBe(false)
  })
})

const claim = (more = {}) => ({ accessModes: ['ReadWriteOnce'], ...more })
const storage = (size: string) => ({ resources: { requests: { storage: size } } })

test.each<[string, Values, object]>([
  ['its own', { pod: { tmp: { claim: { size: '9Gi' } } } }, claim(storage('9Gi'))],
  [
    'its own of a class',
    {
      storage: { storageClassName: 'shared' },
      pod: { tmp: { claim: { size: '9Gi', storageClassName: 'fast' } } },
    },
    claim({ storageClassName: 'fast', ...storage('9Gi') }),
  ],
  [
    'its own of the class of all',
    { storage: { storageClassName: 'shared' }, pod: { tmp: { claim: { size: '9Gi' } } } },
    claim({ storageClassName: 'shared', ...storage('9Gi') }),
  ],
])('each pod may have /tmp on a volume of %s', async (_, values, spec) => {
  for (const name of ['web', 'sidekiq-all', 'migrate', 'postgresql', 'redis']) {
    const { pod } = await workload(name, values)
    expect(pod.volumes?.find((volume) => volume.name === 'tmp')).toEqual({
      ...{ name: 'tmp', ephemeral: { volumeClaimTemplate: { spec } } },
    })
  }
})

test('no volume is made except for a share', async () => {
  const chart = await withSets(() => ({ type: 'dynamic' }))
  expect(() => chart.none('PersistentVolume')).not.toThrow()
})

test.each(['PersistentVolumeClaim', 'PersistentVolume'])(
  'no %s is made that no pod mounts',
  async (kind) => {
    const chart = await render({
      ...{ ...bucket, ...external },
      storage: { system: share, postgresql: share, redis: share },
    })
    const made = chart.objects.filter((object) => object.kind === kind)
    const names = made.map(({ metadata }) => componentOf(metadata))
    expect(sets.filter(({ set }) => names.includes(`storage-${set}`))).toEqual([])
  },
)
