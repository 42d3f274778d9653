// The differences between old and new chart that the redesign allows, each with its reason.
import { isRecord } from 'chart-harness'
import type { Difference } from './diff.ts'

/** An allowed difference. */
export interface Allowance {
  readonly name: string
  readonly reason: string
  allows(difference: Difference, values: Readonly<Record<string, unknown>>): boolean
}

/** Keys of the values that have another name in the new chart: `old.path` to `new.path`. */
export const renamedKeys: Readonly<Record<string, string>> = {}

/** All allowed differences of objects. Refusals, notes and hashes are judged in compare.ts. */
export const allowances: readonly Allowance[] = [
  {
    name: "a component's labels and annotations",
    reason: 'they now reach every object of the component, not just some',
    allows: ({ component, path, type, after }, values) => {
      const [, field, key] = /^metadata\.(labels|annotations)(?:\.(.+))?$/.exec(path) ?? []
      if ((type !== 'added' && type !== 'changed') || !field) return false
      const added = key === undefined ? after : { [unquoted(key)]: after }
      return isRecord(added) && Object.entries(added).every(isSetIn(values, component, field))
    },
  },
  {
    name: 'components in the policy "others"',
    reason: 'the policy lists the components of the registry that have a policy of their own',
    allows: ({ kind, component, path }) =>
      kind === 'NetworkPolicy' &&
      component === 'others' &&
      path.startsWith('spec.podSelector.matchExpressions'),
  },
  {
    name: 'order only',
    reason: 'the order of env entries without references, volumes and mounts means nothing',
    allows: ({ type }) => type === 'order',
  },
]

function unquoted(key: string): string {
  return key.startsWith('"') ? (JSON.parse(key) as string) : key
}

/** Whether a user set this label or annotation for the component, or for all of them. */
function isSetIn(
  values: Readonly<Record<string, unknown>>,
  component: string,
  field: string,
): (entry: [string, unknown]) => boolean {
  const blocks = blocksOf(values, component)
  return ([key, value]) =>
    blocks.some((block) => {
      const map = block[field]
      return isRecord(map) && String(map[key]) === String(value)
    })
}

function blocksOf(
  values: Readonly<Record<string, unknown>>,
  component: string,
): Record<string, unknown>[] {
  const { pod, sidekiq, jobs } = values
  const camel = component.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const workers = isRecord(sidekiq) && component.startsWith('sidekiq') ? sidekiq.workers : []
  const job = isRecord(jobs) ? jobs[camel] : undefined
  const isWorker = component.startsWith('sidekiq')
  const own = isWorker ? [sidekiq, ...(Array.isArray(workers) ? workers : [])] : [values[camel]]
  return [pod, job, ...own].filter(isRecord)
}
