import { isRecord } from '../../objects/manifests.ts'
import type { HelmJob } from '../helm-job.ts'

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

/** What a job has of its own beside its files. Undefined when Helm must refuse it, or knows better. */
export function driverSetOf(
  job: Pick<HelmJob, 'values' | 'release' | 'namespace' | 'flags'>,
): DriverSet | undefined {
  const { values = {}, release, namespace, flags } = job
  if (!isRecord(values) || !isReleaseName(release) || namespace === '') return undefined
  return {
    values,
    release: { name: release, namespace, isUpgrade: flags.includes(upgradeFlag) },
  }
}

/** The job without what a driver set says. */
export function withoutSet(job: HelmJob): HelmJob {
  const flags = job.flags.filter((flag) => flag !== upgradeFlag)
  return { ...job, release: 'r', namespace: 'n', values: {}, flags }
}

// As https://pkg.go.dev/helm.sh/helm/v3/pkg/chartutil#ValidateReleaseName.
const releaseName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function isReleaseName(name: string): boolean {
  return name.length <= 53 && releaseName.test(name)
}
