import { describe, expect, test } from 'vitest'
import { bucket, embeddedSearch, external, split } from './components.ts'
import { merge, preset, render, type Values } from './render.ts'
import { componentOf, viewOf, workload } from './views.ts'

/** Each data set: what it is called in names, and which pod mounts it under which name of a volume. */
const sets = [
  { set: 'system', name: 'system', component: 'web', volume: 'system' },
  { set: 'postgresql', name: 'postgresql', component: 'postgresql', volume: 'data' },
  { set: 'redis', name: 'redis', component: 'redis', volume: 'data' },
  { set: 'redisSidekiq', name: 'redis-sidekiq', component: 'redis-sidekiq', volume: 'data' },
  { set: 'search', name: 'search', component: 'search', volume: 'data' },
] as const

/** A release in which every data set is used. */
const all = merge(split, embeddedSearch)

/** The same with the name of a data set instead of SET. */
const named = <T>(block: T, name: string): T =>
  JSON.parse(JSON.stringify(block).replaceAll('SET', name))

/** The block for each data set, in one render. */
const withSets = (make: (name: string) => Values, options = {}) => {
  const blocks = sets.map(({ set, name }) => [set, named(make(name), name)])
  return render({ ...all, storage: Object.fromEntries(blocks) }, options)
}

const kept = {
  'helm.sh/resource-policy': 'keep',
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
}
const nfs = { server: '192.0.2.1', path: '/export/SET' }
const share: Values = { type: 'nfs', size: '50Gi', accessModes: ['ReadWriteMany'], nfs }
const shared = (more: Values = {}) => withSets(() => merge(share, more))

describe.each(sets)('$set', ({ set, name, component, volume }) => {
  const claim = `mastodon-${name}`
  const shareName = `mastodon-mastodon-${name}`
  const mounted = (chart: Awaited<ReturnType<typeof render>>) =>
    viewOf(chart, component).pod.volumes?.find((one) => one.name === volume)
  const claimOf = async (block: Values) =>
    (await withSets(() => block)).one('PersistentVolumeClaim', claim)

  test('a claim is made from the default class, as values.yaml says', async () => {
    const chart = await render(all)
    const { accessModes, size } = preset<Values>(`storage.${set}`)
    expect(chart.one('PersistentVolumeClaim', claim).spec).toEqual({
      accessModes,
      resources: { requests: { storage: size } },
    })
    expect(mounted(chart)).toEqual({ name: volume, persistentVolumeClaim: { claimName: claim } })
  })

  test('a claim is made as the values say', async () => {
    const chart = await withSets((one) => ({
      ...{ size: '1Ti', accessModes: ['ReadWriteMany'], storageClassName: 'fast' },
      ...{ claimName: `mine-${one}`, claimAnnotations: { backup: 'yes' } },
    }))
    const { spec, metadata } = chart.one('PersistentVolumeClaim', `mine-${name}`)
    expect(spec).toEqual({
      ...{ accessModes: ['ReadWriteMany'], storageClassName: 'fast' },
      resources: { requests: { storage: '1Ti' } },
    })
    expect(metadata.annotations).toMatchObject({ backup: 'yes' })
    expect(mounted(chart)?.persistentVolumeClaim).toEqual({ claimName: `mine-${name}` })
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
    const volumeName = `social-mastodon-${name}`
    const volumeOf = chart.one('PersistentVolume', volumeName)
    expect(volumeOf.spec).toEqual({
      ...{ capacity: { storage: '50Gi' }, accessModes: ['ReadWriteMany'], nfs: named(nfs, name) },
      ...{ persistentVolumeReclaimPolicy: 'Retain', storageClassName: '' },
      mountOptions: preset(`storage.${set}.nfs.mountOptions`),
      claimRef: {
        ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'social', name: claim },
      },
    })
    expect(volumeOf.metadata).not.toHaveProperty('namespace')
    expect(volumeOf.metadata.labels?.['app.kubernetes.io/component']).toBe(`storage-${name}`)
    const { spec, metadata } = chart.one('PersistentVolumeClaim', claim)
    expect(spec).toEqual({
      ...{ accessModes: ['ReadWriteMany'], storageClassName: '', volumeName },
      resources: { requests: { storage: '50Gi' } },
    })
    // The claim may go, as its volume stays.
    expect(metadata.annotations).toBeUndefined()
  })

  test('a directory of a node becomes a volume that only its claim can take, as a share does', async () => {
    const hostPath = { path: '/srv/SET', node: 'server1' }
    const block = { type: 'hostPath', size: '50Gi', accessModes: ['ReadWriteOnce'], hostPath }
    const chart = await withSets(() => block)
    const { spec, metadata } = chart.one('PersistentVolume', shareName)
    expect(metadata.annotations).toEqual({ 'mastodon-chart/host-path': `/srv/${name}` })
    const onNode = { key: 'kubernetes.io/hostname', operator: 'In', values: ['server1'] }
    expect(spec).toEqual({
      ...{ capacity: { storage: '50Gi' }, accessModes: ['ReadWriteOnce'] },
      ...{ persistentVolumeReclaimPolicy: 'Retain', storageClassName: '' },
      // Kubernetes must not make the directory, as it would belong to root.
      hostPath: { path: `/srv/${name}`, type: 'Directory' },
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
    const chart = await withSets(() => ({ type: 'hostPath', hostPath: { path: '/srv/SET' } }))
    expect(chart.one('PersistentVolume', shareName).spec).not.toHaveProperty('nodeAffinity')
  })

  test.each<[string, Values]>([
    ['a name', { volumeName: 'theirs' }],
    ['labels', { selector: { matchLabels: { disk: 'media' } } }],
  ])('a dynamic claim takes an existing volume by %s, and is kept', async (_, wanted) => {
    const { spec, metadata } = await claimOf({ ...wanted, storageClassName: '' })
    expect(spec).toMatchObject({ ...wanted, storageClassName: '' })
    expect(metadata.annotations).toEqual(kept)
    const storage = { storageClassName: 'static', [set]: wanted }
    const chart = await render({ ...all, storage })
    const ofAll = chart.one('PersistentVolumeClaim', claim).spec
    expect(ofAll).toMatchObject({ ...wanted, storageClassName: 'static' })
  })

  test('one storage class is for all claims that name none', async () => {
    const others = Object.fromEntries(
      sets.filter((row) => row.set !== set).map((row) => [row.set, { storageClassName: 'own' }]),
    )
    const chart = await render({ ...all, storage: { storageClassName: 'shared', ...others } })
    const classes = sets.map((row) => {
      const { spec } = chart.one('PersistentVolumeClaim', `mastodon-${row.name}`)
      return [row.set, spec?.storageClassName]
    })
    expect(classes).toEqual(sets.map((row) => [row.set, row.set === set ? 'shared' : 'own']))
  })

  test('volume and claim of a share have the names of the values', async () => {
    const chart = await withSets((one) => ({
      ...{ ...share, volumeName: `pv-${one}`, claimName: `pvc-${one}` },
    }))
    expect(chart.one('PersistentVolume', `pv-${name}`).spec?.claimRef?.name).toBe(`pvc-${name}`)
    expect(chart.one('PersistentVolumeClaim', `pvc-${name}`).spec?.volumeName).toBe(`pv-${name}`)
    expect(mounted(chart)?.persistentVolumeClaim).toEqual({ claimName: `pvc-${name}` })
  })

  test('the volume says which share it is', async () => {
    const chart = await shared({ volumeAnnotations: { name: 'mine' } })
    expect(chart.one('PersistentVolume', shareName).metadata.annotations).toEqual({
      name: 'mine',
      'mastodon-chart/nfs-share': `192.0.2.1:/export/${name}`,
    })
  })

  test('options of the mount replace the default', async () => {
    const mountOptions = ['nfsvers=4.2', 'hard']
    const chart = await shared({ nfs: { mountOptions } })
    expect(chart.one('PersistentVolume', shareName).spec?.mountOptions).toEqual(mountOptions)
  })

  test.each<[Values, object]>([
    [
      { type: 'existingClaim', existingClaim: 'their-SET' },
      { persistentVolumeClaim: { claimName: 'their-SET' } },
    ],
    [{ type: 'emptyDir' }, { emptyDir: {} }],
  ])('%j is mounted, and no claim is made', async (block, source) => {
    const chart = await withSets(() => block)
    expect(mounted(chart)).toEqual({ name: volume, ...named(source, name) })
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
      storage: {
        system: share,
        postgresql: share,
        redis: share,
        redisSidekiq: share,
        search: share,
      },
    })
    const made = chart.objects.filter((object) => object.kind === kind)
    const names = made.map(({ metadata }) => componentOf(metadata))
    expect(sets.filter(({ name }) => names.includes(`storage-${name}`))).toEqual([])
  },
)
