// What is run by a release that sets nothing but a domain. defaults.yaml says it once more: a change there changes
// running instances, and belongs into the changelog.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml, type Render } from 'chart-harness'
import { expect, test } from 'vitest'
import { queues } from './components.ts'
import { render, type Values } from './render.ts'

type Pod = ReturnType<Render['pods']>[number]
type Container = Pod['spec']['containers'][number]
type Probe = NonNullable<Container['startupProbe']>

const file = join(import.meta.dirname, 'defaults.yaml')
const defaults = parseYaml(readFileSync(file, 'utf8')) as Record<string, Record<string, unknown>>

const on = { autoscaling: { enabled: true }, pdb: { enabled: true } }
const instance: Values = {
  mastodon: {
    localDomain: 'example.com',
    admin: { enabled: true, username: 'alice', email: 'alice@example.com' },
  },
  envFrom: [{ secretRef: { name: 'old-keys' } }],
  import: { database: { enabled: true, server: { host: 'old.example.com' } } },
}
const scaled: Values = {
  storage: { system: { accessModes: ['ReadWriteMany'] } },
  web: on,
  streaming: on,
  sidekiq: {
    workers: [
      { name: 'main', queues: queues.slice(0, -1), ...on },
      { name: 'scheduler', queues: ['scheduler'] },
    ],
  },
}

function probe({ periodSeconds, timeoutSeconds, failureThreshold }: Probe): string {
  return `every ${periodSeconds} s, at most ${timeoutSeconds} s, ${failureThreshold} times`
}

function amounts(container: Container): string {
  return Object.entries(container.resources ?? {})
    .map(([what, amount]) => `${what} ${JSON.stringify(amount).replaceAll('"', '')}`)
    .join(', ')
}

// Not what stands in Secrets, and no programs.
function isShort({ value = '' }: { readonly value?: string }): boolean {
  return value !== '' && !/\s|\{/.test(value)
}

function whatIsThere(parts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))
}

function containerOf(container: Container): Record<string, unknown> {
  const { startupProbe, readinessProbe, livenessProbe, volumeMounts, ports } = container
  return whatIsThere({
    fields: Object.keys(container).sort().join(' '),
    resources: amounts(container),
    env: container.env
      ?.filter(isShort)
      .map(({ name, value }) => `${name}=${value}`)
      .join(' '),
    ports: ports?.map(({ name, containerPort }) => `${name} ${containerPort}`).join(', '),
    startup: startupProbe && probe(startupProbe),
    readiness: readinessProbe && probe(readinessProbe),
    liveness: livenessProbe && probe(livenessProbe),
    mounts: volumeMounts?.map(({ name, mountPath, readOnly }) =>
      [name, mountPath, ...(readOnly ? ['read-only'] : [])].join(' '),
    ),
  })
}

function workloadOf({ metadata, spec, owner }: Pod): Record<string, unknown> {
  const { template: _, selector: __, ...own } = owner.spec as Record<string, unknown>
  const { runAsUser, runAsGroup, fsGroup } = spec.securityContext ?? {}
  const containers = [...(spec.initContainers ?? []), ...spec.containers]
  return whatIsThere({
    kind: owner.kind,
    ...(owner.kind === 'Pod' ? {} : own),
    fields: Object.keys(spec).sort().join(' '),
    grace: spec.terminationGracePeriodSeconds,
    annotations: Object.keys(metadata.annotations ?? {}).join(' '),
    ids: [runAsUser, runAsGroup, fsGroup].join(' '),
    volumes: spec.volumes?.map((volume) => Object.keys(volume).sort().join(' ')),
    containers: Object.fromEntries(containers.map((one) => [one.name, containerOf(one)])),
  })
}

const componentOf = ({ labels }: { readonly labels?: Readonly<Record<string, string>> }): string =>
  labels?.['app.kubernetes.io/component'] ?? ''

test('the workloads are as defaults.yaml says', async () => {
  const pods = (await render(instance)).pods()
  expect(
    Object.fromEntries(pods.map((pod) => [componentOf(pod.metadata), workloadOf(pod)])),
  ).toEqual(defaults.workloads)
})

test('every object belongs to the component that defaults.yaml says', async () => {
  const { objects } = await render(instance)
  const components = objects.map(({ kind, metadata }) => {
    const name = kind === 'Job' ? metadata.name.replace(/-[0-9a-f]{8}$/, '') : metadata.name
    return [`${kind}/${name}`, componentOf(metadata)]
  })
  expect(Object.fromEntries(components)).toEqual(defaults.components)
})

test.each([
  ['PersistentVolumeClaim', instance],
  ['Service', instance],
  ['HorizontalPodAutoscaler', scaled],
  ['PodDisruptionBudget', scaled],
])('each %s is as defaults.yaml says', async (kind, values) => {
  const objects = (await render(values)).all(kind)
  const specs = objects.map(({ metadata, spec }) => {
    const { selector: _, ...rest } = spec as Record<string, unknown>
    return [metadata.name, rest]
  })
  expect(Object.fromEntries(specs)).toEqual(defaults[kind])
})

test('no container may do more than it must', async () => {
  const containers = (await render(instance)).containers()
  expect(containers.map(({ container }) => container.securityContext)).toEqual(
    containers.map(() => ({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    })),
  )
})
