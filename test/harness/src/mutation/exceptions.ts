import { existsSync, readFileSync } from 'node:fs'
import { isRecord } from '../objects/manifests.ts'
import { parseYaml } from '../objects/yaml.ts'
import type { Mutant } from './mutant.ts'
import type { Settled } from './state.ts'

/** A mutant that may survive. */
export interface MutantException {
  readonly id: string
  /** What the mutant does, for readers. */
  readonly mutant: string
  readonly reason: string
}

/** Reads the exceptions: a YAML list of `{ id, mutant, reason }`. A missing file has none. */
export function readExceptions(file: string): MutantException[] {
  if (!existsSync(file)) return []
  const list = parseYaml(readFileSync(file, 'utf8'), file) ?? []
  if (!Array.isArray(list)) throw new Error(`${file}: must be a list of {id, mutant, reason}.`)
  return list.map((entry: unknown, index) => {
    const { id, mutant, reason } = isRecord(entry) ? entry : {}
    if (isText(id) && isText(mutant) && isText(reason)) return { id, mutant, reason }
    throw new Error(`${file}: entry ${index + 1} needs id, mutant and reason, each a text.`)
  })
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

/** A sentence for each exception that nothing needs any more. Those of files not looked at are kept. */
export function needlessExceptions(
  exceptions: readonly MutantException[],
  known: readonly Mutant[],
  settled: readonly Settled[],
): string[] {
  const mutants = new Set(known.map(({ id }) => id))
  const status = new Map(settled.map(({ mutant, verdict }) => [mutant.id, verdict.status]))
  return exceptions.flatMap(({ id, mutant }) => {
    if (!mutants.has(id)) return [`${id} (${mutant}): there is no such mutant any more. Remove it.`]
    const now = status.get(id)
    if (now === undefined || now === 'survived') return []
    return [`${id} (${mutant}): is ${now} now, and needs no exception. Remove it.`]
  })
}
