import type { FieldCase } from './field-case.ts'
import { jobs } from './job-cases.ts'
import { others } from './other-cases.ts'
import { pods } from './pod-cases.ts'
import { services } from './service-cases.ts'
import { storage } from './storage-cases.ts'
import { statefulSet, strategies, workloads } from './workload-cases.ts'

/** Changes that Kubernetes refuses, and changes beside them that it takes; `npm run verify:upgrades` asks it. */
export const fieldCases: readonly FieldCase[] = [
  ...workloads,
  ...statefulSet,
  ...strategies,
  ...jobs,
  ...pods,
  ...storage,
  ...services,
  ...others,
]
