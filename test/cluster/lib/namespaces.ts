import { randomBytes } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { PersistentVolume } from 'kubernetes-types/core/v1.d.ts'
import { apply, kubectl, list, tryKubectl } from './kubectl.ts'
import { namespacesFile, runLabel, runName } from './run.ts'

/** A name that no other run has. */
export function uniqueName(purpose: string): string {
  return `ct-${purpose}-${randomBytes(3).toString('hex')}`
}

/** Creates a namespace that enforces Pod Security "restricted"; `name` is for values that need a certain one. */
export async function createNamespace(
  purpose: string,
  name: string = uniqueName(purpose),
): Promise<string> {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted', [runLabel]: runName() }
  await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }])
  appendFileSync(namespacesFile(), `${name}\n`)
  return name
}

/** Fails if objects exist whose names an example fixes, as they may be somebody's. */
export async function refuseExisting(
  kind: string,
  names: readonly string[],
  example: string,
): Promise<void> {
  const found = await kubectl(['get', kind, ...names, '--ignore-not-found', '--output', 'name'])
  if (found.trim() === '') return
  throw new Error(
    `There is already ${found.trim().split('\n').join(', ')}. The example ${example} needs this name: delete or rename it.`,
  )
}

/** Deletes a namespace, and the volumes whose claims were in it. Takes undefined: none was created. */
export async function removeNamespace(name: string | undefined): Promise<void> {
  if (name === undefined) return
  await dropNamespace(name)
  await kubectl(['delete', 'namespace', name, '--ignore-not-found', '--timeout=180s'])
  await removeVolumes(name)
}

/** Deletes a namespace without waiting for it; the end of the run waits. Takes undefined: none was created. */
export async function dropNamespace(name: string | undefined): Promise<void> {
  if (name === undefined) return
  await kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false'])
  // Nobody waits for connections to drain.
  const pods = ['delete', 'pods', '--all', '--grace-period=1', '--wait=false']
  await tryKubectl(pods, { namespace: name })
}

/** Deletes the volumes that the chart created for claims in this namespace; provisioners delete theirs. */
async function removeVolumes(namespace: string): Promise<void> {
  const volumes = await list<PersistentVolume>('persistentvolumes')
  const names = volumes
    .filter(
      ({ spec }) =>
        spec?.claimRef?.namespace === namespace && (spec?.nfs ?? spec?.hostPath) !== undefined,
    )
    .flatMap(({ metadata }) => metadata?.name ?? [])
  if (names.length === 0) return
  await kubectl(['delete', 'persistentvolume', ...names, '--ignore-not-found', '--timeout=120s'])
}

/** Deletes the namespaces of this run and their volumes, at its end. */
export async function removeNamespaces(): Promise<void> {
  if (!existsSync(namespacesFile())) return
  const names = readFileSync(namespacesFile(), 'utf8').split('\n').filter(Boolean)
  for (const name of names) await dropNamespace(name)
  for (const name of names) await removeNamespace(name)
}
