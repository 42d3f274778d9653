// Reads the tables of upgrades: cases.yaml and steps.yaml.
import { type Changes, changed, readYaml } from './bases.ts'

/** A change to one object. */
export interface FieldCase {
  readonly base: string
  readonly changes: Changes
  /** Where Kubernetes refuses it; absent when it does not. */
  readonly refused?: string
  /** The first minor of Kubernetes 1 that takes it. */
  readonly since?: number
  /** The Helm that is refused; the other one is not. */
  readonly helm?: 4
}

/** Only the changes, or the changes with what is special about them. */
type Entry = Changes | (Omit<FieldCase, 'base' | 'refused'> & { readonly at?: string })
type Entries = Readonly<Record<'refused' | 'taken', readonly Entry[]>>

/** The changes of cases.yaml. */
export const fieldCases: readonly FieldCase[] = Object.entries(
  readYaml<Entries>('cases.yaml'),
).flatMap(([base, { refused = [], taken = [] }]) => [
  ...refused.map((entry) => caseOf(base, entry, true)),
  ...taken.map((entry) => caseOf(base, entry, false)),
])

function caseOf(base: string, entry: Entry, isRefused: boolean): FieldCase {
  const { changes, at, ...rest } =
    'changes' in entry ? (entry as FieldCase & { at?: string }) : { changes: entry, at: undefined }
  const refused = at ?? Object.keys(changes)[0]?.replaceAll(/\.(\d+)/g, '[$1]') ?? ''
  return { base, changes, ...rest, ...(isRefused ? { refused } : {}) }
}

type Side = Readonly<Record<string, Changes>>

/** An upgrade of steps.yaml, and everything that must be found in it. */
export interface Step {
  readonly title: string
  readonly before: Side
  readonly after: Side
  readonly finds?: string | readonly string[]
}

/** The upgrades of steps.yaml by their topics. */
export const steps: readonly (readonly [topic: string, steps: readonly Step[]])[] = Object.entries(
  readYaml<readonly Step[]>('steps.yaml'),
)

/** What such a side of an upgrade renders. */
export function manifestsOf(side: Side): string {
  const documents = Object.entries(side).map(([name, { from, ...changes }]) => {
    const fields = Object.entries(changes)
    const isAnnotation = ([key]: [string, unknown]): boolean =>
      /^(?:hook|resource-policy)/.test(key)
    const annotations = fields.filter(isAnnotation).map(([key, value]) => [`helm.sh/${key}`, value])
    const manifest = changed(name.split(' ')[0] ?? '', {
      ...Object.fromEntries(fields.filter((field) => !isAnnotation(field))),
      ...(annotations.length > 0
        ? { 'metadata.annotations': Object.fromEntries(annotations) }
        : {}),
    })
    return from === undefined ? manifest : `# Source: demo/templates/${from}\n${manifest}`
  })
  return documents.join('\n---\n')
}
