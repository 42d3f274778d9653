import { existsSync, readFileSync } from 'node:fs'
import { isRecord } from '../objects/manifests.ts'
import { parseYaml } from '../objects/yaml.ts'
import type { Mutant } from './mutants.ts'
import type { Settled, Verdict } from './plan.ts'

/** A mutant that may survive. */
export interface MutantException {
  readonly id: string
  /** What the mutant does, for readers. */
  readonly mutant: string
  readonly reason: string
}

/** What a run found. */
export interface MutationReport {
  /** How many mutants the chosen files have, and how many of them were tried. */
  readonly mutants: number
  readonly tried: number
  readonly counts: Readonly<Record<Verdict['status'], number>>
  /** Killed of those that count: killed and survived without an exception. Empty: 1. */
  readonly score: number
  readonly survivors: readonly Survivor[]
  /** A sentence for each exception that is no longer needed. */
  readonly needless: readonly string[]
}

/** A mutant that no test notices. */
interface Survivor extends Omit<Mutant, 'before' | 'after' | 'apply'> {
  readonly diff: string
  readonly verdict: string
  /** Why it may survive. */
  readonly reason?: string
}

/**
 * Sums up a run.
 * @param known all mutants of the chart
 */
export function createReport(
  known: readonly Mutant[],
  chosen: readonly Mutant[],
  settled: readonly Settled[],
  exceptions: readonly MutantException[],
): MutationReport {
  const reasons = new Map(exceptions.map(({ id, reason }) => [id, reason]))
  const counts = { killed: 0, survived: 0, equivalent: 0, broken: 0, unreached: 0 }
  for (const { verdict } of settled) counts[verdict.status] += 1
  const survivors = settled
    .filter(({ verdict }) => verdict.status === 'survived')
    .map(({ mutant, verdict }): Survivor => {
      const { before: _, after: _after, apply: _apply, ...about } = mutant
      const reason = reasons.get(mutant.id)
      const survivor = { ...about, diff: unifiedDiff(mutant), verdict: verdict.by }
      return reason === undefined ? survivor : { ...survivor, reason }
    })
  const judged = counts.killed + survivors.filter(({ reason }) => reason === undefined).length
  return {
    ...{ mutants: chosen.length, tried: settled.length, counts, survivors },
    score: judged === 0 ? 1 : counts.killed / judged,
    needless: needlessExceptions(exceptions, known, settled),
  }
}

/** The change as `patch` reads it. */
export function unifiedDiff({ file, line, before, after }: Mutant): string {
  const [old, now] = [before.split('\n'), after === '' ? [] : after.split('\n')]
  return [
    `--- a/${file}`,
    `+++ b/${file}`,
    `@@ -${line},${old.length} +${line},${now.length} @@`,
    ...old.map((text) => `-${text}`),
    ...now.map((text) => `+${text}`),
  ].join('\n')
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

/** A sentence for each exception that is no longer needed. Those of mutants that were not tried are kept. */
function needlessExceptions(
  exceptions: readonly MutantException[],
  known: readonly Mutant[],
  settled: readonly Settled[],
): string[] {
  const mutants = new Set(known.map(({ id }) => id))
  const status = new Map(settled.map(({ mutant, verdict }) => [mutant.id, verdict.status]))
  return exceptions.flatMap(({ id, mutant }) => {
    if (!mutants.has(id)) return [`${id} (${mutant}): there is no such mutant anymore. Remove it.`]
    const now = status.get(id)
    if (now === undefined || now === 'survived') return []
    return [`${id} (${mutant}): is ${now} now, and needs no exception. Remove it.`]
  })
}

/** The report for a terminal. */
export function formatReport(report: MutationReport, wanted: number): string {
  const { mutants, tried, counts, score, survivors, needless } = report
  const open = survivors.filter(({ reason }) => reason === undefined)
  return [
    ...open.flatMap((survivor) => [...formatSurvivor(survivor), '']),
    ...needless.map((sentence) => `exception ${sentence}`),
    `${tried} of ${mutants} mutants tried: ${counts.killed} killed, ${counts.survived} survived ` +
      `(${survivors.length - open.length} explained), ${counts.equivalent} change nothing, ` +
      `${counts.broken} break every render that they change, ${counts.unreached} are on lines that no test executes.`,
    `${percent(score)} of those that count are killed; at least ${percent(wanted)} must be.`,
  ].join('\n')
}

function formatSurvivor({ file, line, column, operator, id, ...rest }: Survivor): string[] {
  const about = `${file}:${line}:${column} ${operator} ${id}`
  return [about, `  ${rest.description}; ${rest.verdict}`, rest.diff.replaceAll(/^/gm, '  ')]
}

function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`
}
