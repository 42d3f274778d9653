import { hashOf } from '../render/disk-cache.ts'
import type { Edit } from './template.ts'

/** A small fault in one file of a chart. */
export interface Mutant {
  /** Names it as long as its line and the operator stay as they are, wherever the line moves. */
  readonly id: string
  /** The file, relative to the chart. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly operator: string
  readonly description: string
  /** The lines that it changes, before and after. */
  readonly before: string
  readonly after: string
  /** The file's source with the fault in it; throws when the source is another one. */
  apply(source: string): string
}

/** Makes mutants of edits; edits that change nothing, or the same as another, make none. */
export function createMutants(file: string, source: string, edits: readonly Edit[]): Mutant[] {
  const seen = new Set([source])
  const counts = new Map<string, number>()
  const mutants: Mutant[] = []
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const mutated = replaced(source, edit)
    if (seen.has(mutated)) continue
    seen.add(mutated)
    const { before, after } = changedLines(source, edit)
    const key = hashOf(file, edit.operator, before, after)
    const count = counts.get(key) ?? 0
    counts.set(key, count + 1)
    mutants.push({
      id: hashOf(key, String(count)).slice(0, 12),
      file,
      ...positionOf(source, edit.start),
      operator: edit.operator,
      description: edit.description,
      before,
      after,
      apply: (current) => {
        if (current !== source) throw new Error(`${file} is not the file that was read`)
        return mutated
      },
    })
  }
  return mutants
}

function replaced(source: string, { start, end, text }: Edit): string {
  return source.slice(0, start) + text + source.slice(end)
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
