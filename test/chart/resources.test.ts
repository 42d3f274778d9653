// Memory: what was measured with the real Mastodon 4.7 is what the defaults must leave room for.
import { readFileSync } from 'node:fs'
import { bytes, type Render } from 'chart-harness'
import type { DeploymentSpec } from 'kubernetes-types/apps/v1.d.ts'
import { expect, test } from 'vitest'
import { exampleFile, renderExample } from '../rules/project.ts'
import { admin } from './components.ts'
import { preset } from './render.ts'
import { workload } from './views.ts'

const [MB, MiB] = [1e6, 2 ** 20]
// One 4K video with two threads, and `tootctl` beside what the container does.
const [video, tootctl] = [1100 * MB, 320 * MiB]

test.each<[string, idle: number, top: number]>([
  ['web', 680 * MB, 680 * MB + video + tootctl],
  ['streaming', 171 * MiB, 206 * MiB],
  ['sidekiq-all', 280 * MB, 320 * MB + video],
  ['migrate', 207 * MiB, 207 * MiB],
  ['post-migrate', 198 * MiB, 198 * MiB],
  ['admin', 318 * MiB, 318 * MiB],
])(
  '%s reserves what it takes when it is idle, and has room for its work',
  async (name, idle, top) => {
    const { requests, limits } = (await workload(name, admin)).main.resources ?? {}
    expect(bytes(requests?.memory)).toBeGreaterThan(idle)
    expect(bytes(limits?.memory)).toBeGreaterThan(top)
  },
)

test('the room for a video is that for the threads and conversions of the values', () => {
  expect(preset('mastodon.transcoding')).toMatchObject({ threads: 2, atOnce: 1 })
})

type View = ReturnType<Render['pods']>[number]

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

/** The memory that a workload's pods reserve while the release is updated, or with `surge` 0 otherwise. */
function reserved(view: View, surge = surgeOf(view.owner)): number {
  const { owner, spec } = view
  const { replicas = 1 } = deploymentOf(owner)
  const requests = spec.containers.map(({ resources }) => bytes(resources?.requests?.memory))
  return (replicas + surge) * Math.max(...requests)
}

function surgeOf(owner: View['owner']): number {
  const { strategy } = deploymentOf(owner)
  return strategy?.type === 'Recreate' ? 0 : Number(strategy?.rollingUpdate?.maxSurge ?? 0)
}

function deploymentOf(owner: View['owner']): DeploymentSpec {
  return owner.kind === 'Deployment' ? (owner.spec as DeploymentSpec) : ({} as DeploymentSpec)
}

// Kubernetes and the system take half a GiB. Pods of hooks have gone by then.
test.each(['minimal', 'single-node-rwo', 'mstdnblue'])(
  'during an update, the pods of %s fit a node with 4 GiB',
  async (name) => {
    const chart = await renderExample(name)
    const pods = chart.pods(({ owner }) => !owner.metadata.annotations?.['helm.sh/hook'])
    expect(pods.length).toBeGreaterThan(5)
    expect(sum(pods.map((pod) => reserved(pod)))).toBeLessThan(3584 * MiB)
  },
)

/** The CPUs that a workload's pods reserve. */
function reservedCpus({ owner, spec }: View): number {
  const requests = spec.containers.map(({ resources }) => String(resources?.requests?.cpu ?? 0))
  const thousandths = requests.map((text) =>
    text.endsWith('m') ? Number(text.slice(0, -1)) : 1000 * Number(text),
  )
  return (deploymentOf(owner).replicas ?? 1) * Math.max(...thousandths)
}

test('the comment of single-node-rwo says what its pods reserve, always and during an update', async () => {
  const chart = await renderExample('single-node-rwo')
  const lasting = chart.pods(({ owner }) => /^(Deployment|StatefulSet)$/.test(owner.kind))
  // At most one of the Jobs and hooks runs at a time; no Deployment has an additional pod.
  const passing = chart.pods().filter((pod) => !lasting.includes(pod))
  expect(lasting.map(({ owner }) => surgeOf(owner))).toEqual(lasting.map(() => 0))
  const memory = sum(lasting.map((pod) => reserved(pod, 0))) / MiB
  const cpus = sum(lasting.map(reservedCpus))
  const more = Math.max(...passing.map((pod) => reserved(pod, 0))) / MiB
  const moreCpus = Math.max(...passing.map(reservedCpus))
  const text = readFileSync(exampleFile('single-node-rwo'), 'utf8').replaceAll('\n# ', ' ')
  expect(text).toContain(
    `the pods reserve ${memory} MiB and ${cpus / 1000} CPUs, and ${memory + more} MiB and ${(cpus + moreCpus) / 1000} CPUs during`,
  )
})
