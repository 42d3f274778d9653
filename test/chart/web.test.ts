import { expect, test } from 'vitest'
import { admin } from './components.ts'
import { preset, type Values } from './render.ts'
import { workload } from './views.ts'

test('web runs Puma', async () => {
  const { main } = await workload('web')
  expect(main.command).toEqual([
    ...['/usr/bin/tini', '--', 'sh', '/scripts/listen.sh', 'bash', '/scripts/sweep.sh'],
  ])
  expect(main.args).toEqual(['bundle', 'exec', 'puma', '-C', 'config/puma.rb'])
})

test('web is ready when it answers /health, and alive when it takes connections', async () => {
  const { main } = await workload('web')
  const health = { path: '/health', port: 'http' }
  const { startup, readiness, liveness } = preset<Record<string, object>>('web.probes')
  expect(main.startupProbe).toEqual({ ...startup, httpGet: health })
  expect(main.readinessProbe).toEqual({ ...readiness, httpGet: health })
  expect(main.livenessProbe).toEqual({ ...liveness, tcpSocket: { port: 'http' } })
})

test('a probe can be left out', async () => {
  const probes = { liveness: { enabled: false }, readiness: { enabled: true } }
  const { main } = await workload('web', { web: { probes } })
  expect(main.livenessProbe).toBeUndefined()
  expect(main.readinessProbe).not.toHaveProperty('enabled')
})

test.each([
  { httpGet: { path: '/ready', port: 3000 } },
  { tcpSocket: { port: 3000 } },
  { exec: { command: ['true'] } },
  { grpc: { port: 3000 } },
])('a check of the user replaces that of the chart: %o', async (handler) => {
  const { main } = await workload('web', { web: { probes: { readiness: handler } } })
  expect(main.readinessProbe).toEqual({ ...handler, ...preset<object>('web.probes.readiness') })
})

test("the user's handler before a stop replaces the default one", async () => {
  const preStop = { exec: { command: ['drain'] } }
  expect((await workload('web', { web: { lifecycle: { preStop } } })).main.lifecycle).toEqual({
    preStop,
  })
})

test('a stop leaves Puma time after the pause in which proxies notice it', () => {
  const pause = preset<number>('web.lifecycle.preStop.sleep.seconds')
  expect(pause).toBeGreaterThan(0)
  expect(preset<number>('web.terminationGracePeriodSeconds')).toBeGreaterThan(pause + 30)
})

test('web keeps idle connections longer than proxies, which keep them for 60 seconds', () => {
  expect(preset<number>('web.persistentTimeout')).toBeGreaterThan(60)
})

test('old pods of web serve until new ones are ready', () => {
  expect(preset('web.strategy.rollingUpdate.maxUnavailable')).toBe(0)
})

test('Recreate does not keep the pace of a rolling update', async () => {
  const values: Values = { web: { strategy: { type: 'Recreate' } } }
  const { spec } = (await workload('web', values)).own('Deployment')
  expect(spec?.strategy).toEqual({ type: 'Recreate' })
})

test('a roll-out may take as long as a migration and its retries', () => {
  const migration = preset<number>('jobs.migrate.terminationGracePeriodSeconds')
  for (const key of ['web', 'streaming', 'sidekiq'])
    expect(preset<number>(`${key}.progressDeadlineSeconds`)).toBeGreaterThan(migration)
})

// test/rules compares the environment of the gate with that of web.
test.each(['web', 'sidekiq-all', 'admin'])('%s waits at the gate', async (name) => {
  const gate = (await workload(name, admin)).init('gate')
  const scripts = { name: 'scripts', mountPath: '/scripts', readOnly: true }
  expect(gate.args).toEqual(['bundle', 'exec', 'ruby', '/scripts/gate.rb'])
  expect(gate.volumeMounts).toContainEqual(scripts)
})

test('Ruby has a directory for its temporary files', async () => {
  const { env, main, pod } = await workload('web')
  expect(env.TMPDIR).toBe('/tmp/ruby')
  expect(main.volumeMounts).toContainEqual({ name: 'tmp', mountPath: '/tmp' })
  expect(pod.volumes).toContainEqual({ name: 'tmp', emptyDir: {} })
})

// That both mount the same claim is a rule of test/rules.
test('web mounts the media at public/system', async () => {
  const { main, pod } = await workload('web')
  const mountPath = '/opt/mastodon/public/system'
  const persistentVolumeClaim = { claimName: 'mastodon-system' }
  expect(main.volumeMounts).toContainEqual({ name: 'system', mountPath })
  expect(pod.volumes).toContainEqual({ name: 'system', persistentVolumeClaim })
})
