import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import {
  hasPackages,
  makeCopy,
  type TemplateFile,
  templateFiles,
} from '../../render/chart-files.ts'
import { hashOf } from '../../render/disk-cache.ts'
import {
  type SplitTemplate,
  splitTemplate,
  type Twins,
  twinNames,
  twinSuffix,
} from './mark-template.ts'
import { hasMarks, regionTemplates, type TemplateLine } from './marks.ts'

/** A copy of a chart whose templates write marks, and what the marks' numbers mean. */
export interface MarkedChart {
  readonly path: string
  readonly lines: readonly TemplateLine[]
}

const suffix = '.marked'

/**
 * Makes the copy below `dir`, or finds it there; `hash` is that of the chart's files. Each template file prints its text as a
 * string in a ConfigMap, so that nobody reads the marks as YAML. Undefined for a package.
 */
export async function markedChart(
  chart: string,
  hash: string,
  dir: string,
): Promise<MarkedChart | undefined> {
  const templates = templateFiles(chart).filter(({ file }) => basename(file) !== 'NOTES.txt')
  if (templates.length === 0) return undefined
  const sources = templates.map((template) => ({
    ...template,
    source: readFileSync(join(chart, template.file), 'utf8'),
  }))
  if (sources.some(({ source }) => hasMarks(source))) return undefined
  const lines: TemplateLine[] = []
  const twins = twinsOf(sources, !hasPackages(chart))
  const files = sources.map((template) => markFile(template, lines, twins))
  const path = join(dir, hashOf(hash, regionTemplates, ...files.map(({ text }) => text)))
  await makeCopy(chart, path, (copy) => {
    for (const { file } of files) rmSync(join(copy, file))
    for (const { markedFile, text } of files) writeFileSync(join(copy, markedFile), text)
    writeFileSync(join(copy, 'templates/_chart-harness-marks.tpl'), regionTemplates)
  })
  return { path, lines }
}

interface Source extends TemplateFile {
  readonly source: string
}

function twinsOf(sources: readonly Source[], isComplete: boolean): Twins {
  const names = sources.flatMap(({ name, source }) => [name, ...twinNames(source)])
  return { names: new Set(names), isComplete }
}

interface MarkedFile {
  readonly file: string
  readonly markedFile: string
  readonly text: string
}

function markFile({ file, name, source }: Source, lines: TemplateLine[], twins: Twins): MarkedFile {
  const ids = new Map<number, number>()
  const number = (line: number): number => {
    const id = ids.get(line) ?? lines.push({ file, line }) - 1
    ids.set(line, id)
    return id
  }
  const parts = splitTemplate(source, number, twins)
  if (basename(file).startsWith('_')) {
    return { file, markedFile: file, text: `${source}\n${parts.markedDefines}` }
  }
  return { file, markedFile: withSuffix(file), text: printer(name, parts) }
}

function withSuffix(file: string): string {
  return join(dirname(file), basename(file).replace(/(\.[^.]*)?$/, `${suffix}$1`))
}

/** The name of the template that a marked file printed. */
export function unmarkedName(name: string): string {
  return name.replace(new RegExp(`\\${suffix}(\\.[^./]*)?$`), '$1')
}

// The file's own name is still a template, because others may include it.
function printer(name: string, parts: SplitTemplate): string {
  return [
    parts.defines,
    parts.markedDefines,
    `{{ define "${name}" }}${parts.body}{{ end }}`,
    `{{ define "${name}${twinSuffix}" }}${parts.markedBody}{{ end }}`,
    `{{- $_ := set . "Template" (dict "Name" "${name}" "BasePath" .Template.BasePath) -}}`,
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata: {name: marked}',
    `data: {text: {{ include "${name}${twinSuffix}" . | toJson }}}`,
    '',
  ].join('\n')
}
