import { type TemplateSource, templateSources } from '../coverage/tracer.ts'
import { hashOf } from '../render/disk-cache.ts'
import { mutateCalls, mutateConstants } from './calls.ts'
import { mutateConditions } from './conditions.ts'
import { type Edit, readTemplate } from './template.ts'
import { mutateText } from './text.ts'

/** A small fault in one template of a chart. */
export interface Mutant {
  /** Names it as long as its line and the operator stay as they are, wherever the line moves. */
  readonly id: string
  /** The template, relative to the chart. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly operator: string
  readonly description: string
  /** The lines that it changes, before and after. */
  readonly before: string
  readonly after: string
  /** The template's source with the fault in it; throws when the source is a different one. */
  apply(source: string): string
}

/** The files of a chart that have mutants: its templates. Default values are decisions, not logic. */
export function mutableFiles(chart: string): readonly TemplateSource[] {
  return templateSources(chart).filter(({ file }) => /\.(?:yaml|yml|tpl|txt)$/.test(file))
}

/** All mutants of these templates, in the order of the source. */
export function mutantsOf(files: readonly TemplateSource[]): Mutant[] {
  return files.flatMap(({ file, source }) => {
    const template = readTemplate(source)
    const operators = [mutateConditions, mutateCalls, mutateConstants, mutateText]
    const edits = operators.flatMap((mutate) => mutate(template))
    return createMutants(file, source, edits)
  })
}

/** This many of the mutants, in their order; the same seed draws the same ones. */
export function sampleOf(mutants: readonly Mutant[], count: number, seed: string): Mutant[] {
  const drawn = mutants
    .map((mutant) => ({ mutant, lot: hashOf(seed, mutant.id) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, count)
  const chosen = new Set(drawn.map(({ mutant }) => mutant))
  return mutants.filter((mutant) => chosen.has(mutant))
}

/** Edits that change nothing, or the same as another edit, make no mutant. */
function createMutants(file: string, source: string, edits: readonly Edit[]): Mutant[] {
  const seen = new Set([source])
  const counts = new Map<string, number>()
  const mutants: Mutant[] = []
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const mutated = source.slice(0, edit.start) + edit.text + source.slice(edit.end)
    if (seen.has(mutated)) continue
    seen.add(mutated)
    const { operator, description } = edit
    const { before, after } = changedLines(source, edit)
    const key = hashOf(file, operator, before, after)
    const count = counts.get(key) ?? 0
    counts.set(key, count + 1)
    mutants.push({
      id: hashOf(key, String(count)).slice(0, 12),
      ...{ file, operator, description, before, after },
      ...positionOf(source, edit.start),
      apply: (current) => {
        if (current !== source) throw new Error(`${file} is not the file that was read`)
        return mutated
      },
    })
  }
  return mutants
}

function positionOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

function changedLines(source: string, edit: Edit): { before: string; after: string } {
  const first = source.slice(0, edit.start).lastIndexOf('\n') + 1
  const dropsLines = edit.text === '' && edit.start === first && source[edit.end - 1] === '\n'
  const newline = source.indexOf('\n', dropsLines ? edit.end - 1 : edit.end)
  const last = newline < 0 ? source.length : newline
  if (dropsLines) return { before: source.slice(first, last), after: '' }
  return {
    before: source.slice(first, last),
    after: source.slice(first, edit.start) + edit.text + source.slice(edit.end, last),
  }
}
