import type { Mutant } from './mutant.ts'
import type { Settled } from './state.ts'
import type { Verdict } from './trial.ts'

/** What a run found. */
export interface MutationReport {
  /** How many mutants the chosen files have, and how many of them were tried. */
  readonly mutants: number
  readonly tried: number
  readonly counts: Readonly<Record<Verdict['status'], number>>
  /** Killed of those that count: killed and survived without an exception. Empty: 1. */
  readonly score: number
  readonly survivors: readonly Survivor[]
  /** A sentence for each exception that nothing needs any more. */
  readonly needless: readonly string[]
}

/** A mutant that no test notices. */
interface Survivor
  extends Pick<Mutant, 'id' | 'file' | 'line' | 'column' | 'operator' | 'description'> {
  readonly diff: string
  readonly verdict: string
  /** Why it may survive. */
  readonly reason?: string
}

/** Sums up. `reasonOf` gives the reason for which a mutant may survive. */
export function createReport(
  mutants: number,
  settled: readonly Settled[],
  reasonOf: (id: string) => string | undefined,
): Omit<MutationReport, 'needless'> {
  const counts = { killed: 0, survived: 0, equivalent: 0, broken: 0, unreached: 0 }
  for (const { verdict } of settled) counts[verdict.status] += 1
  const survivors = settled
    .filter(({ verdict }) => verdict.status === 'survived')
    .map((one) => describe(one, reasonOf(one.mutant.id)))
  const open = survivors.filter(({ reason }) => reason === undefined).length
  const judged = counts.killed + open
  const score = judged === 0 ? 1 : counts.killed / judged
  return { mutants, tried: settled.length, counts, score, survivors }
}

function describe({ mutant, verdict }: Settled, reason: string | undefined): Survivor {
  const { id, file, line, column, operator, description } = mutant
  return {
    ...{ id, file, line, column, operator, description },
    diff: unifiedDiff(mutant),
    verdict: verdict.by,
    ...(reason === undefined ? {} : { reason }),
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

/** The report for a terminal. */
export function formatReport(report: MutationReport, wanted: number): string {
  const { mutants, tried, counts, score, survivors, needless } = report
  const open = survivors.filter(({ reason }) => reason === undefined)
  return [
    ...open.flatMap((survivor) => [...formatSurvivor(survivor), '']),
    ...needless.map((sentence) => `exception ${sentence}`),
    `${tried} of ${mutants} mutants tried: ${counts.killed} killed, ${counts.survived} survived ` +
      `(${survivors.length - open.length} explained), ${counts.equivalent} change nothing, ` +
      `${counts.broken} break every render that they change, ${counts.unreached} stand where no test comes.`,
    `${percent(score)} of those that count are killed; at least ${percent(wanted)} must be.`,
  ].join('\n')
}

function formatSurvivor({ file, line, column, operator, id, ...rest }: Survivor): string[] {
  const about = `${file}:${line}:${column} ${operator} ${id}`
  return [about, `  ${rest.description}; ${rest.verdict}`, indented(rest.diff)]
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}

function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`
}
