import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readChartFiles } from '../render/chart-files.ts'
import { mutateCalls } from './calls.ts'
import { mutateConditions } from './conditions.ts'
import { mutateConstants } from './constants.ts'
import { createMutants, type Mutant } from './mutant.ts'

export type { Mutant }

import { definedNames, readTemplate } from './template.ts'
import { mutateText } from './text.ts'
import { mutateValues } from './values.ts'

const isTemplate = /^templates\/.+\.(?:yaml|yml|tpl|txt)$/

/** A file's path and text. */
export interface SourceFile {
  readonly file: string
  readonly source: string
}

/** The files of a chart in which mutants can stand: its templates and its values. */
export function mutableFiles(chart: string): SourceFile[] {
  return readChartFiles(chart)
    .names.filter((file) => isTemplate.test(file) || file === 'values.yaml')
    .map((file) => ({ file, source: readFileSync(join(chart, file), 'utf8') }))
}

/** All mutants of these files, in the order in which they stand in them. */
export function mutantsOf(files: readonly SourceFile[]): Mutant[] {
  const siblings = siblingsIn(files)
  return files.flatMap(({ file, source }) => {
    if (!isTemplate.test(file)) return createMutants(file, source, mutateValues(source))
    const template = readTemplate(source, siblings)
    return createMutants(file, source, [
      ...mutateConditions(template),
      ...mutateCalls(template),
      ...mutateConstants(template),
      ...mutateText(template),
    ])
  })
}

/** For a named template the others of its file, beginning with the next. */
function siblingsIn(files: readonly SourceFile[]): (name: string) => readonly string[] {
  const siblings = new Map<string, readonly string[]>()
  for (const { source } of files) {
    const names = definedNames(source)
    names.forEach((name, index) => {
      siblings.set(name, [...names.slice(index + 1), ...names.slice(0, index)])
    })
  }
  return (name) => siblings.get(name) ?? []
}
