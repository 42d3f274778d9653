import { isSecretField } from '../diagnosis/mask.ts'
import { isRecord, nameOf } from '../objects/manifests.ts'
import type { Manifest } from '../objects/types.ts'
import { at, type Finding, type Pair, refusal, secretRefusal } from './finding.ts'
import { type ImmutableField, immutableFields } from './immutable-fields.ts'
import { diffValues } from './value-diff.ts'

/** The changes to fields that no kind lets change; one finding per field. */
export function immutableChanges({ was, now }: Pair, minor: number): Finding[] {
  return immutableFields(was)
    .filter(({ since }) => since === undefined || minor < since)
    .flatMap((field) => firstChange(was, now, field))
}

function firstChange(was: Manifest, now: Manifest, field: ImmutableField): Finding[] {
  const { path, since } = field
  const [change] = diffValues(part(was, field), part(now, field), path)
  if (!change) return []
  if (isSecretField(nameOf(was), change.path)) return [secretRefusal(change.path)]
  const why = since ? `cannot be changed before Kubernetes 1.${since}` : undefined
  return [refusal(change.path, change.before, change.after, why)]
}

function part(object: Manifest, { path, preset, except = [] }: ImmutableField): unknown {
  const value = at(object, path) ?? preset
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => !except.includes(key)))
}

/**
 * What Kubernetes filled in for a rolling update stays when only the type is changed, and is refused beside the
 * new type. Helm 3 knows better for Deployments; server-side apply, as Helm 4 does it, does not.
 */
export function strategyChanges({ was, now }: Pair): Finding[] {
  const name = strategyOf[now.kind]
  if (name === undefined) return []
  const [before, after] = [at(was, `spec.${name}`), at(now, `spec.${name}`)]
  const [old, fresh] = [typeOf(before), typeOf(after)]
  if (old !== rolling || fresh === rolling || isSet(before, 'rollingUpdate')) return []
  const helm = now.kind === 'Deployment' ? 'Helm 4' : 'Kubernetes'
  const message = `${helm} refuses ${fresh} beside the rollingUpdate that was filled in. Write rollingUpdate out with ${rolling}, one release before`
  return [{ effect: 'refused', rule: 'strategy-type', path: `spec.${name}.type`, message }]
}

const rolling = 'RollingUpdate'
const strategyOf: Readonly<Record<string, string>> = {
  Deployment: 'strategy',
  StatefulSet: 'updateStrategy',
}

function typeOf(strategy: unknown): unknown {
  return (isRecord(strategy) ? strategy.type : undefined) ?? rolling
}

function isSet(value: unknown, key: string): boolean {
  return isRecord(value) && value[key] !== undefined
}
