// Defects that other charts for Mastodon have or had, each found in a render of theirs: one test for each says what holds
// here. Where a rule of test/rules looks for the defect in every example, its test puts the fault in, to show that.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatProblem, isRecord, type SeededFault, seedFaults } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { readValues } from '../rules/profiles.ts'
import { exampleFile, examples, renderExample, root } from '../rules/project.ts'
import { exampleRules } from '../rules/rules.ts'
import { components, everything } from './components.ts'
import { ldap } from './facilities.ts'
import { merge, preset, render, type Values } from './render.ts'
import { envOf, secret, viewOf, workload } from './views.ts'

/** What a rule says of an example with a fault. */
async function caught(name: string, example: string, fault: SeededFault): Promise<string[]> {
  const rule = exampleRules.find((candidate) => candidate.name === name)
  const broken = seedFaults(await renderExample(example), [fault])
  return rule?.run(broken).problems.map(formatProblem) ?? []
}

const jobs = components.filter(({ path }) => path.startsWith('jobs.'))
const container = 'spec.template.spec.containers[0]'

describe('values that have an effect', () => {
  test.each(['web', 'streaming', 'sidekiq-main'])(
    'a budget that is enabled is rendered: %s',
    async (name) => {
      const pdb = { enabled: true }
      const chart = await render(
        merge(everything, { web: { pdb }, streaming: { pdb }, sidekiq: { pdb } }),
      )
      expect(viewOf(chart, name).own('PodDisruptionBudget').spec).toHaveProperty('maxUnavailable')
    },
  )

  test.each(components)(
    'mounts of the user are a list, as Kubernetes wants it: $name',
    async ({ name, takes }) => {
      expect(takes('volumeMounts')).toBe(true)
      const mount = { name: 'mine', mountPath: '/mine' }
      const pod = { volumes: [{ name: 'mine', emptyDir: {} }], volumeMounts: [mount] }
      const { main } = await workload(name, merge(everything, { pod }))
      expect(main.volumeMounts).toContainEqual(mount)
    },
  )

  test.each(jobs)('labels for the pods of a Job are on its pods: $name', async ({ name, set }) => {
    const podLabels = { 'sidecar.istio.io/inject': 'false' }
    const { podMetadata } = await workload(name, merge(everything, set({ podLabels })))
    expect(podMetadata.labels).toMatchObject(podLabels)
  })

  test.each(jobs)('a selector of nodes for a Job is on its pods: $name', async ({ name, set }) => {
    const nodeSelector = { disk: 'fast' }
    const anywhere: Values = { storage: { system: { accessModes: ['ReadWriteMany'] } } }
    const { pod } = await workload(name, merge(everything, anywhere, set({ nodeSelector })))
    expect(pod.nodeSelector).toEqual(nodeSelector)
  })

  test('the language that is set is used', async () => {
    const chart = await render({ mastodon: { locale: 'de', forceLocale: true } })
    expect(chart.one('ConfigMap', 'mastodon-env').data).toMatchObject({
      ...{ DEFAULT_LOCALE: 'de', FORCE_DEFAULT_LOCALE: 'true' },
    })
  })
})

describe('environment', () => {
  test('additional variables reach the Jobs, too, and those that run first', async () => {
    const chart = await render(
      merge(everything, { env: { EXTRA: 'yes' }, secretEnv: { HIDDEN: 'yes' } }),
    )
    for (const name of ['migrate', 'post-migrate', 'admin'])
      expect(viewOf(chart, name).main.envFrom).toEqual(viewOf(chart, 'web').main.envFrom)
    expect(chart.one('ConfigMap', 'mastodon-env').data).toMatchObject({ EXTRA: 'yes' })
    expect(chart.one('Secret', 'mastodon-env').stringData).toMatchObject({ HIDDEN: 'yes' })
  })

  test('the Job that creates the administrator has the variables of web', async () => {
    const chart = await render({ ...everything, auth: { ldap: { ...ldap, enabled: true } } })
    const [job, web] = [viewOf(chart, 'admin').main, viewOf(chart, 'web').main]
    expect(job.envFrom).toEqual(web.envFrom)
    const shared = web.env?.filter(({ name }) => /^(DB_|REDIS_|LDAP_)/.test(name)) ?? []
    expect(shared.map(({ name }) => name)).toContain('LDAP_PASSWORD')
    expect(job.env).toEqual(expect.arrayContaining(shared))
  })

  test('web has no variable of its own that nothing reads', async () => {
    const fault = { path: `${container}.env[+]`, value: { name: 'TEST_ENV_VALUE', value: 'test' } }
    const web = { object: 'Deployment/minimal-mastodon-web', ...fault }
    expect((await caught('one-environment', 'minimal', web)).join()).toContain('TEST_ENV_VALUE')
  })

  test('the default user of the database is the one whom the chart makes', async () => {
    const chart = await render()
    const { init } = viewOf(chart, 'postgresql')
    expect(envOf(init('prepare')).APP_USER).toBe(preset('postgresql.user'))
    expect(viewOf(chart, 'web').env.DB_USER).toBe(preset('postgresql.user'))
    expect(preset('postgresql.user')).toBe('mastodon')
  })

  test('a password that changes restarts what reads it', async () => {
    const annotations = async (value: string) =>
      (await workload('web', { secretEnv: { SMTP_PASSWORD: value } })).podMetadata.annotations
    expect(await annotations('new')).not.toEqual(await annotations('old'))
  })
})

const brought = { existingSecret: 'mine', key: 'mine' }

describe('facilities', () => {
  test('the address of telemetry reaches the pods', async () => {
    const chart = await render({ telemetry: { endpoint: 'https://otel.example.com' } })
    expect(chart.one('ConfigMap', 'mastodon-env').data).toMatchObject({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example.com',
    })
  })

  const ldap = { enabled: true, host: 'ldap', base: 'dc=x', bindDn: 'cn=y' }

  test('a password of LDAP in the values is stored under the name under which it is read', async () => {
    const chart = await render({ auth: { ldap: { ...ldap, password: { value: 'hidden' } } } })
    expect(chart.one('Secret', 'mastodon-env').stringData).toEqual({ LDAP_PASSWORD: 'hidden' })
    expect(viewOf(chart, 'web').main.envFrom).toContainEqual({
      secretRef: { name: 'mastodon-env' },
    })
  })

  test('a password of LDAP in a Secret is a valid reference', async () => {
    const { env } = await workload('web', { auth: { ldap: { ...ldap, password: brought } } })
    expect(env.LDAP_PASSWORD).toEqual(secret('mine', 'mine'))
  })

  test('the private key of SAML is in no ConfigMap', async () => {
    const saml = { enabled: true, idpSsoTargetUrl: 'https://idp/sso', idpCertFingerprint: '00:11' }
    const chart = await render({ auth: { saml: { ...saml, privateKey: { value: 'hidden' } } } })
    expect(JSON.stringify(chart.all('ConfigMap'))).not.toContain('hidden')
    expect(JSON.stringify(chart.all('Secret'))).toContain('hidden')
  })

  test('the credentials of a replica reach the pods', async () => {
    const replica = { host: 'replica', user: 'reader', password: { value: 'hidden' } }
    const postgresql = { mode: 'external', host: 'db', replica }
    const chart = await render({ postgresql })
    expect(chart.one('ConfigMap', 'mastodon-env').data).toMatchObject({
      ...{ REPLICA_DB_HOST: 'replica', REPLICA_DB_USER: 'reader' },
    })
    const password = secret('mastodon-databases', 'postgresql-replica')
    expect(viewOf(chart, 'sidekiq-all').env.REPLICA_DB_PASS).toEqual(password)
    expect(chart.one('Secret', 'mastodon-databases').stringData).toMatchObject({
      'postgresql-replica': 'hidden',
    })
  })
})

describe('Secrets', () => {
  test('an upgrade makes no new encryption keys', async () => {
    const chart = await render()
    expect((await render({}, { isUpgrade: true })).objects).toEqual(chart.objects)
    // The Job in the cluster adds what is missing and leaves what is there: test/cluster/lifecycle.test.ts.
    expect(viewOf(chart, 'secrets').env.SECRETS).toContain('ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY')
  })

  test.each(examples)('no example has a secret in it that others know: %s', (example) => {
    const values = readValues(exampleFile(example))
    expect(values).not.toHaveProperty('secretEnv')
    expect(credentialsIn(values)).toEqual([])
    expect(JSON.stringify(values)).not.toMatch(/"kind":"Secret"|kind: Secret\b/)
  })

  test('a Job that runs before the others reads nothing that comes later', async () => {
    const object = 'Job/minimal-mastodon-secrets'
    const value = { name: 'DB_PASS', valueFrom: secret('minimal-mastodon-env', 'DB_PASS') }
    const fault = { object, path: `${container}.env[+]`, value }
    expect((await caught('references-closed', 'minimal', fault)).join()).toContain(
      'minimal-mastodon-env',
    )
  })
})

/** The paths of credentials with a value in them. */
function credentialsIn(values: unknown, path = ''): string[] {
  if (!isRecord(values)) return []
  return Object.entries(values).flatMap(([key, value]) =>
    key === 'value' && typeof value === 'string' ? [path] : credentialsIn(value, `${path}.${key}`),
  )
}

describe('objects', () => {
  test('a claim is kept by the annotation that Helm knows', async () => {
    const object = 'PersistentVolumeClaim/minimal-mastodon-system'
    const value = { 'helm.sh/hook-delete-policy': 'keep' }
    const fault = { object, path: 'metadata.annotations', value }
    expect((await caught('kept-claim', 'minimal', fault)).join()).toContain(
      'must have helm.sh/resource-policy: keep',
    )
  })

  test('no volume hides the assets of the image', async () => {
    const object = 'Deployment/minimal-mastodon-web'
    const value = { name: 'tmp', mountPath: '/opt/mastodon/public/assets' }
    const fault = { object, path: `${container}.volumeMounts[+]`, value }
    expect(await caught('assets-not-covered', 'minimal', fault)).toHaveLength(1)
  })

  test.each(jobs)(
    'Jobs and hooks have security, resources, tolerations and the credentials of the registry: $name',
    async ({ name }) => {
      const tolerations = [{ key: 'dedicated', operator: 'Exists' }]
      const image = { pullSecrets: ['registry'] }
      const { pod, main } = await workload(name, merge(everything, { image, pod: { tolerations } }))
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true })
      expect(main.securityContext).toMatchObject({ allowPrivilegeEscalation: false })
      expect(main.resources).toMatchObject({ requests: {}, limits: {} })
      expect(pod).toMatchObject({ tolerations, imagePullSecrets: [{ name: 'registry' }] })
    },
  )

  test('helm test asks the ports that the Services have', async () => {
    const service = { port: 8080 }
    const { main } = await workload('test', { web: { service }, streaming: { service } })
    expect(main.args?.slice(-2)).toEqual(['mastodon-web:8080', 'mastodon-streaming:8080'])
  })

  test('no way in is rendered that was not asked for', async () => {
    const gateway = { parentRefs: [{ name: 'public', sectionName: 'https' }] }
    const kinds = (await render({ gateway })).objects.map(({ kind }) => kind)
    expect(kinds.filter((kind) => /Ingress|Route|Gateway/.test(kind))).toEqual([])
  })
})

describe('the first install', () => {
  test('needs no values', async () => {
    expect((await render()).all('Deployment').length).toBeGreaterThan(2)
  })

  test('is the command of the README, which names a chart that exists', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const [, folder = '', key = '', value = ''] =
      /^helm install mastodon (\S+) .*--set ([\w.]+)=(\S+)/m.exec(readme) ?? []
    expect(readFileSync(join(root, folder, 'Chart.yaml'), 'utf8')).toContain('name: mastodon')
    const chart = await render(
      Object.fromEntries([[key.split('.')[0], { [key.split('.')[1] ?? '']: value }]]),
    )
    expect(chart.one('ConfigMap', 'mastodon-env').data).toMatchObject({ LOCAL_DOMAIN: value })
  })
})
