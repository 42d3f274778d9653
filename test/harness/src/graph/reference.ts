import type { Manifest } from '../objects/types.ts'

/** One object's claim that another exists. */
export interface Reference {
  readonly from: Manifest
  /** Where the claim stands. */
  readonly path: string
  readonly kind: string
  readonly name: string
  /** Undefined for kinds outside namespaces. */
  readonly namespace: string | undefined
  /** The key of a ConfigMap or Secret that must be there, too. */
  readonly key?: string
  readonly optional: boolean
}

/** An object that is not part of the render. */
export interface ExternalObject {
  readonly name: string
  /** Keys of a ConfigMap or Secret; without, any key is taken to be there. */
  readonly keys?: readonly string[]
}

/** What exists beside the chart: made by the user, by an operator or by a Job in the cluster. */
export interface Externals {
  readonly secrets?: readonly (string | ExternalObject)[]
  readonly configMaps?: readonly (string | ExternalObject)[]
  readonly claims?: readonly string[]
  readonly volumes?: readonly string[]
  readonly serviceAccounts?: readonly string[]
  readonly services?: readonly string[]
  /** Any other kind, as `Kind/name`. */
  readonly others?: readonly string[]
  /** Labels of pods that selectors may mean. */
  readonly pods?: readonly Readonly<Record<string, string>>[]
}

/** Finds the external object that the reference means. */
export function findExternal(
  externals: Externals,
  kind: string,
  name: string,
): ExternalObject | undefined {
  const lists: Readonly<Record<string, readonly (string | ExternalObject)[] | undefined>> = {
    ConfigMap: externals.configMaps,
    PersistentVolume: externals.volumes,
    PersistentVolumeClaim: externals.claims,
    Secret: externals.secrets,
    Service: externals.services,
    ServiceAccount: externals.serviceAccounts,
  }
  const objects = (lists[kind] ?? []).map((item) =>
    typeof item === 'string' ? { name: item } : item,
  )
  const found = objects.find((object) => object.name === name)
  return found ?? (externals.others?.includes(`${kind}/${name}`) ? { name } : undefined)
}
