import type { CommandResult } from '../../tools/run-command.ts'
import { type DriverInput, type DriverSet, inputKey, mark, setOfLine } from './driver-template.ts'
import { printAsHelm, type RenderedFiles } from './helm-output.ts'

/** What one value set rendered: as `helm template` prints it, and the notes, which that never prints. */
export interface BatchResult extends CommandResult {
  readonly notes?: string
}

/** What the value sets of a batch have in common. */
export interface Batch {
  readonly helm: 3 | 4
  /** The templates to render, in the order in which Helm runs them. */
  readonly templates: readonly string[]
  /** Whether the message of a refusal is enough, without the place. */
  readonly quick?: boolean
  /** Runs the driver chart with these values; returns what Helm printed. */
  readonly run: (values: object) => Promise<CommandResult>
}

/**
 * Renders the value sets in one process. The result of a set that must be rendered on its own is
 * undefined: it fails, or only Helm can judge what it renders. The sets before one that fails run again.
 */
export async function runBatch(
  sets: readonly DriverSet[],
  { helm, templates, quick = false, run }: Batch,
): Promise<readonly (BatchResult | undefined)[]> {
  const results: (BatchResult | undefined)[] = sets.map(() => undefined)
  const attempt = async (indexes: readonly number[]): Promise<CommandResult> => {
    const chosen = indexes.flatMap((index) => sets[index] ?? [])
    const result = await run({ [inputKey]: { templates, sets: chosen } satisfies DriverInput })
    if (result.code === 0) {
      readSets(result.stdout, indexes.length).forEach((files, place) => {
        results[indexes[place] ?? 0] = asHelmResult(files, helm)
      })
    }
    return result
  }
  const fine: number[] = []
  let left = sets.map((_, index) => index)
  while (left.length > 0) {
    const result = await attempt(left)
    if (result.code === 0) break
    const failed = failedSet(result.stderr, left.length)
    if (failed === undefined) break
    if (quick && isRefusal(result.stderr)) results[left[failed] ?? 0] = result
    fine.push(...left.slice(0, failed))
    left = left.slice(failed + 1)
  }
  if (fine.length > 0) await attempt(fine)
  return results
}

/** Whether a `fail` or `required` of the chart ended the run: then the message is the plain one. */
function isRefusal(stderr: string): boolean {
  return /execution error at \([^)]*chart-harness-driver\.yaml:/.test(stderr)
}

// The outermost place of an error is the driver's line.
function failedSet(stderr: string, count: number): number | undefined {
  const line = /chart-harness-driver\.yaml:(\d+)/.exec(stderr)?.[1]
  const set = line === undefined ? -1 : setOfLine(Number(line))
  return set >= 0 && set < count ? set : undefined
}

interface DriverLine {
  readonly set: number
  readonly template?: string
  readonly text?: string
}

/** The files of each set; a set that did not finish is missing. */
function readSets(stdout: string, count: number): RenderedFiles[] {
  const sets = Array.from({ length: count }, () => new Map<string, string>())
  const ended = new Set<number>()
  for (const line of stdout.split('\n')) {
    if (!line.startsWith(mark)) continue
    const { set, template, text } = JSON.parse(line.slice(mark.length)) as DriverLine
    if (template === undefined) ended.add(set)
    else sets[set]?.set(template, (text ?? '').replaceAll('<no value>', ''))
  }
  if (ended.size !== count) throw new Error(`${count - ended.size} value sets were not rendered`)
  const [first] = sets
  return sets.map((files) => new Map([...(first ?? []), ...files]))
}

function asHelmResult(files: RenderedFiles, helm: 3 | 4): BatchResult | undefined {
  const stdout = printAsHelm(files, helm)
  if (stdout === undefined) return undefined
  const notes = [...files].find(([name]) => /^[^/]+\/templates\/NOTES\.txt$/.test(name))?.[1]
  return { code: 0, stdout, stderr: '', ...(notes === undefined ? {} : { notes }) }
}
