import type { RuleCase } from './rule-case.ts'

const jobs = ['migrate', 'postMigrate', 'admin', 'importDatabase']
const vanishing = { ttlSecondsAfterFinished: 60 }

/** Rules of zz-validate/_jobs.tpl. */
export const jobRules: readonly RuleCase[] = [
  {
    rule: 'a Job that vanishes after a while',
    broken: { jobs: Object.fromEntries(jobs.map((job) => [job, vanishing])) },
    lines: jobs.map(
      (job) =>
        `jobs.${job}.ttlSecondsAfterFinished: not possible, as GitOps controllers would create the deleted Job again and again. Remove the line; Helm removes the Job with the next version.`,
    ),
    met: { jobs: { migrate: { terminationGracePeriodSeconds: 60 } } },
  },
]
