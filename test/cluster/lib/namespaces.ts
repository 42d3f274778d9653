import { randomBytes } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { PersistentVolume } from 'kubernetes-types/core/v1.d.ts'
import { apply, kubectl, list, tryKubectl } from './kubectl.ts'

/** The label that all namespaces of a run carry; its value is the run's. */
export const runLabel = 'mastodon-chart/cluster-test'

/** The environment variable with the value of the label, set by lib/setup.ts. */
export const runVariable = 'CLUSTER_TEST_RUN'

/** The environment variable that names the file with the namespaces of the run, one a line. */
export const namespacesVariable = 'CLUSTER_TEST_NAMESPACES'

/** A name that no other run has. */
export function uniqueName(purpose: string): string {
  return `ct-${purpose}-${randomBytes(3).toString('hex')}`
}

/** Makes a namespace that enforces Pod Security "restricted"; `name` where values demand one. */
export async function createNamespace(
  purpose: string,
  { name = uniqueName(purpose) }: { name?: string } = {},
): Promise<string> {
  const labels = {
    'pod-security.kubernetes.io/enforce': 'restricted',
    [runLabel]: process.env[runVariable] ?? 'unknown',
  }
  await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }])
  const file = process.env[namespacesVariable]
  if (file !== undefined) appendFileSync(file, `${name}\n`)
  return name
}

/** Deletes a namespace, and the volumes whose claims were in it. */
export async function removeNamespace(name: string): Promise<void> {
  await dropNamespace(name)
  await kubectl(['delete', 'namespace', name, '--ignore-not-found', '--timeout=180s'])
  await removeVolumes(name)
}

/** Deletes a namespace without waiting for it; the end of the run waits. Takes undefined: nothing was made. */
export async function dropNamespace(name: string | undefined): Promise<void> {
  if (name === undefined) return
  await kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false'])
  // Nobody waits for connections to drain.
  await tryKubectl(['delete', 'pods', '--all', '--grace-period=1', '--wait=false'], {
    namespace: name,
  })
}

/** Deletes the volumes that the chart made for claims in this namespace; provisioners look after theirs. */
async function removeVolumes(namespace: string): Promise<void> {
  const volumes = await list<PersistentVolume>('persistentvolumes')
  const names = volumes
    .filter(({ spec }) => spec?.claimRef?.namespace === namespace && spec?.nfs !== undefined)
    .flatMap(({ metadata }) => metadata?.name ?? [])
  if (names.length === 0) return
  await kubectl(['delete', 'persistentvolume', ...names, '--ignore-not-found', '--timeout=120s'])
}

/** Deletes the namespaces that a run made, and their volumes: for its end, whatever happened before. */
export async function removeNamespaces(file: string): Promise<void> {
  const names = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
  for (const name of names) await dropNamespace(name)
  for (const name of names) await removeNamespace(name)
}
