import { expect, test } from 'vitest'
import { appVersion, render, type Values } from './render.ts'
import { envOf, initOf, viewOf } from './views.ts'

test('web runs Puma', async () => {
  const { main } = viewOf(await render(), 'web')
  expect(main.args).toEqual(['bundle', 'exec', 'puma', '-C', 'config/puma.rb'])
  expect(main.command).toBeUndefined()
})

test('web listens on the port named http', async () => {
  const { main } = viewOf(await render(), 'web')
  expect(main.ports).toEqual([{ name: 'http', containerPort: 3000 }])
  expect(envOf(main).PORT).toBe('3000')
})

test('web listens to IPv6 when its Service speaks it', async () => {
  const bind = async (service: NonNullable<Values['web']>['service'] & object) =>
    envOf(viewOf(await render({ web: { service } }), 'web').main).BIND
  expect(await bind({ ipFamilies: ['IPv6'] })).toBe('[::]')
  expect(await bind({ ipFamilies: ['IPv4'] })).toBeUndefined()
})

test('web runs the version of the chart', async () => {
  expect(viewOf(await render(), 'web').main.image).toBe(`ghcr.io/mastodon/mastodon:v${appVersion}`)
})

test('the processes and threads of Puma are as the values say', async () => {
  const web = { workers: 0, minThreads: 1, maxThreads: 7, persistentTimeout: 75 }
  expect(envOf(viewOf(await render({ web }), 'web').main)).toMatchObject({
    WEB_CONCURRENCY: '0',
    MIN_THREADS: '1',
    MAX_THREADS: '7',
    PERSISTENT_TIMEOUT: '75',
  })
})

test('Puma chooses the least number of threads itself', async () => {
  expect(envOf(viewOf(await render(), 'web').main)).not.toHaveProperty('MIN_THREADS')
})

test('web is ready when it answers /health, and alive when it takes connections', async () => {
  const { main } = viewOf(await render(), 'web')
  const health = { path: '/health', port: 'http' }
  expect(main.startupProbe).toMatchObject({ httpGet: health, failureThreshold: 60 })
  expect(main.readinessProbe).toMatchObject({ httpGet: health, failureThreshold: 3 })
  expect(main.livenessProbe).toMatchObject({ tcpSocket: { port: 'http' }, failureThreshold: 6 })
})

test('a probe can be left out', async () => {
  const { main } = viewOf(
    await render({ web: { probes: { liveness: { enabled: false } } } }),
    'web',
  )
  expect(main.livenessProbe).toBeUndefined()
  expect(main.readinessProbe).not.toHaveProperty('enabled')
})

test.each([
  { httpGet: { path: '/ready', port: 3000 } },
  { tcpSocket: { port: 3000 } },
  { exec: { command: ['true'] } },
  { grpc: { port: 3000 } },
])('a check of the user replaces that of the chart: %o', async (handler) => {
  const probes = { readiness: handler }
  const { readinessProbe } = viewOf(await render({ web: { probes } }), 'web').main
  expect(readinessProbe).toEqual({
    ...handler,
    ...{ periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
  })
})

test('a pause before the end lets proxies notice that web leaves', async () => {
  const { main, pod } = viewOf(await render(), 'web')
  expect(main.lifecycle).toEqual({ preStop: { sleep: { seconds: 10 } } })
  // Puma ends within 30 seconds after it.
  expect(pod.terminationGracePeriodSeconds).toBe(60)
})

test('old pods of web serve until new ones are ready', async () => {
  const { spec } = (await render()).one('Deployment', 'mastodon-web')
  expect(spec?.strategy).toEqual({
    type: 'RollingUpdate',
    rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
  })
})

test('Recreate takes no pace of a rolling update along', async () => {
  const chart = await render({ web: { strategy: { type: 'Recreate' } } })
  expect(chart.one('Deployment', 'mastodon-web').spec?.strategy).toEqual({ type: 'Recreate' })
})

test('a roll-out may last as long as a migration', async () => {
  const { spec } = (await render()).one('Deployment', 'mastodon-web')
  expect(spec?.progressDeadlineSeconds).toBe(10800)
})

test.each(['web', 'sidekiq-all'])(
  '%s waits at the gate with the same image and environment',
  async (name) => {
    const view = viewOf(await render(), name)
    const gate = initOf(view, 'gate')
    expect(gate.args).toEqual(['bundle', 'exec', 'ruby', '/scripts/gate.rb'])
    expect(gate.image).toBe(view.main.image)
    expect(gate.envFrom).toEqual(view.main.envFrom)
    expect(gate.volumeMounts).toContainEqual({
      name: 'scripts',
      mountPath: '/scripts',
      readOnly: true,
    })
  },
)

test('Ruby gets a directory for temporary files of its own', async () => {
  const view = viewOf(await render(), 'web')
  expect(envOf(view.main).TMPDIR).toBe('/tmp/ruby')
  expect(view.main.volumeMounts).toContainEqual({ name: 'tmp', mountPath: '/tmp' })
  expect(view.pod.volumes).toContainEqual({ name: 'tmp', emptyDir: {} })
})

test.each(['web', 'sidekiq-all'])('%s mounts the media at public/system', async (name) => {
  const view = viewOf(await render(), name)
  expect(view.main.volumeMounts).toContainEqual({
    name: 'system',
    mountPath: '/opt/mastodon/public/system',
  })
  expect(view.pod.volumes).toContainEqual({
    name: 'system',
    persistentVolumeClaim: { claimName: 'mastodon-system' },
  })
})

test('nothing is mounted over the compiled assets', async () => {
  const paths = (await render())
    .containers()
    .flatMap(({ container }) => container.volumeMounts ?? [])
    .map(({ mountPath }) => mountPath)
  expect(paths.filter((path) => /public\/(assets|packs)/.test(path))).toEqual([])
})

test.each(['web', 'streaming', 'sidekiq-main'])(
  'replicas of %s spread over nodes if they can',
  async (name) => {
    const queues = ['default', 'push', 'ingress', 'mailers', 'pull', 'fasp']
    const chart = await render({
      storage: { system: { accessModes: ['ReadWriteMany'] } },
      web: { replicas: 2 },
      streaming: { replicas: 2 },
      sidekiq: {
        workers: [
          { name: 'main', queues, replicas: 2 },
          { name: 'scheduler', queues: ['scheduler'] },
        ],
      },
    })
    const { pod } = viewOf(chart, name)
    const labelSelector = {
      matchLabels: {
        'app.kubernetes.io/name': 'mastodon',
        'app.kubernetes.io/instance': 'mastodon',
        'app.kubernetes.io/component': name,
      },
    }
    expect(pod.topologySpreadConstraints).toEqual([
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector,
      },
    ])
    expect(pod.affinity).toEqual({
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: { labelSelector, topologyKey: 'kubernetes.io/hostname' },
          },
        ],
      },
    })
  },
)

test('a constraint of the user gets the selector of the component', async () => {
  const constraint = {
    maxSkew: 2,
    topologyKey: 'zone',
    whenUnsatisfiable: 'ScheduleAnyway' as const,
  }
  const chart = await render({ web: { topologySpreadConstraints: [constraint] } })
  expect(viewOf(chart, 'web').pod.topologySpreadConstraints).toEqual([
    {
      ...constraint,
      labelSelector: {
        matchLabels: {
          'app.kubernetes.io/name': 'mastodon',
          'app.kubernetes.io/instance': 'mastodon',
          'app.kubernetes.io/component': 'web',
        },
      },
    },
  ])
})
