import { readFileSync } from 'node:fs'
import type { HelmJob } from '../helm-job.ts'
import { isRecord } from '../manifests.ts'
import { mergeFiles } from '../values/merge.ts'
import { parseOnce, YamlError } from '../yaml.ts'

/** One value set, and the release that it is rendered for. */
export interface DriverSet {
  readonly values: object
  readonly release: {
    readonly name: string
    readonly namespace: string
    readonly isUpgrade: boolean
  }
}

const upgradeFlag = '--is-upgrade'

type Described = Pick<HelmJob, 'files' | 'values' | 'release' | 'namespace' | 'flags'>

/** What a job has of its own. Undefined when only Helm can tell: of its files, or a name that it must refuse. */
export function driverSetOf(job: Described): DriverSet | undefined {
  const { files, values, release, namespace, flags } = job
  const read = files.map(readValues)
  if (!read.every(isRecord) || !isReleaseName(release)) return undefined
  return {
    values: mergeFiles([...read, isRecord(values) ? values : {}]),
    release: { name: release, namespace, isUpgrade: flags.includes(upgradeFlag) },
  }
}

/** The job without what a driver set says. */
export function withoutSet(job: HelmJob): HelmJob {
  const flags = job.flags.filter((flag) => flag !== upgradeFlag)
  return { ...job, release: 'r', namespace: 'n', files: [], values: {}, flags }
}

// As https://pkg.go.dev/helm.sh/helm/v3/pkg/chartutil#ValidateReleaseName.
const releaseName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function isReleaseName(name: string): boolean {
  return name.length <= 53 && releaseName.test(name)
}

/** Undefined for a file that is broken, or has a null, which removes a default before `values` come. */
function readValues(file: string): Record<string, unknown> | undefined {
  try {
    const values = parseOnce(readFileSync(file, 'utf8'))
    return isRecord(values) && !containsNull(values) ? values : undefined
  } catch (error) {
    if (error instanceof YamlError || (error as NodeJS.ErrnoException).code) return undefined
    throw error
  }
}

function containsNull(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === null
  return Object.values(value).some(containsNull)
}
