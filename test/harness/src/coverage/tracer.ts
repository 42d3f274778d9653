// A copy of a chart that says which branches it executes. Each branch gets a tracer, a call of `fail`: under
// `helm lint`, `fail` writes its argument to standard error, returns "" and continues.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DriverChart, driverChart, type Printer } from '../render/bulk/driver-chart.ts'
import { type DriverSet, inputKey } from '../render/bulk/driver-template.ts'
import { copyChart, readChartFiles } from '../render/chart-files.ts'
import { hashOf } from '../render/disk-cache.ts'
import { CoverageError } from '../render/recorder.ts'
import { tokenize } from '../templates/tokens.ts'
import type { Branch } from './branches.ts'

/** A template of a chart. */
export interface TemplateSource {
  /** Relative to the chart. */
  readonly file: string
  readonly source: string
}

/** A template with its branches. */
export interface Template extends TemplateSource {
  readonly branches: readonly Branch[]
}

/** A copy of a chart that says which branches it executes: by their numbers, counted over all templates. */
export interface TracedChart extends DriverChart {
  readonly asksApis: boolean
}

/** The files that Helm reads as templates. */
export function templateSources(chart: string): readonly TemplateSource[] {
  return readChartFiles(chart)
    .names.filter((file) => file.startsWith('templates/'))
    .map((file) => ({ file, source: readFileSync(join(chart, file), 'utf8') }))
}

/** Makes the copy below `dir`, or finds it there. Throws for a chart that no driver can render. */
export async function traceChart(
  chart: string,
  templates: readonly Template[],
  dir: string,
  print: Printer,
): Promise<TracedChart> {
  const asksApis = templates.some(({ source }) => source.includes('APIVersions'))
  let next = 0
  const traced = templates.map(({ file, source, branches }) => {
    const text = instrument(source, branches, () => tracer(String(next++)))
    return [file, askApisOfDict(text)] as const
  })
  const hash = hashOf(readChartFiles(chart).hash, tracerDriver, ...traced.flat())
  const copy = mkdtempSync(join(tmpdir(), 'chart-harness-tracers-'))
  try {
    copyChart(chart, copy, Object.fromEntries(traced))
    const driver = await driverChart(copy, hash, dir, print, tracerDriver)
    if (driver) return { ...driver, asksApis }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
  throw new CoverageError(
    `the coverage of ${chart} cannot be measured: it is a package or a library, has subcharts or defines a name twice. Measure a chart without.`,
  )
}

/**
 * The source with a call in every branch: `{{ <call> }}`, a string expression or a function that returns "".
 * No byte of the output changes.
 */
export function instrument(
  source: string,
  branches: readonly Branch[],
  call: () => string,
): string {
  const parts: string[] = []
  let position = 0
  for (const { kind, start, trimLeft, trimRight } of branches) {
    const otherwise = kind === 'implicit else' ? `{{${trimLeft ? '-' : ''} else }}` : ''
    const insertion = `${otherwise}{{ ${call()} ${trimRight ? '-' : ''}}}`
    parts.push(source.slice(position, start), insertion)
    position = start
  }
  return parts.join('') + source.slice(position)
}

const quotedOrHas =
  /"(?:\\.|[^"\\])*"|`[^`]*`|'(?:\\.|[^'\\])*'|(\$\w+|[$\w.]*\.APIVersions)\.Has(?!\w)/g

/** The source with `.Capabilities.APIVersions.Has` asked of a dict: Helm's own set cannot be changed. */
function askApisOfDict(source: string): string {
  const asHasKey = (text: string, path?: string): string => (path ? `hasKey ${path}` : text)
  return tokenize(source)
    .map(({ type, text }) => (type === 'action' ? text.replace(quotedOrHas, asHasKey) : text))
    .join('')
}

/** The call that reports: its text comes back in Helm's log. */
function tracer(text: string): string {
  return `fail "~${text}~"`
}

/** A value set, its release, and the APIs that it sees. */
export interface TracerSet extends DriverSet {
  readonly apis: readonly string[]
}

/** The input of the driver. */
export interface TracerInput {
  /** In the order in which Helm renders them. */
  readonly templates: readonly string[]
  readonly sets: readonly TracerSet[]
  /** Whether `Capabilities` must answer which APIs a set has. */
  readonly asksApis: boolean
}

// Helm's own Capabilities cannot be changed. In the dict `GitVersion` is a method of Helm's version.
const capabilities = [
  '{{- define "chart-harness.capabilities" }}',
  '{{- $apis := dict }}{{ range concat (list) .own.APIVersions .set.apis }}{{ $_ := set $apis . true }}{{ end }}',
  '{{- $kube := dict "Version" .own.KubeVersion.Version "GitVersion" .own.KubeVersion.Version',
  '  "Major" .own.KubeVersion.Major "Minor" .own.KubeVersion.Minor }}',
  '{{- $_ := set .root "Capabilities" (dict "APIVersions" $apis "KubeVersion" $kube "HelmVersion" .own.HelmVersion) }}',
  '{{- end }}',
]

// Runs many requests in one process. It needs the helpers of the bulk driver and renders nothing.
const tracerDriver = [
  ...capabilities,
  `{{- $input := .Values.${inputKey} }}{{ $_ := unset .Values "${inputKey}" }}`,
  `{{- ${tracer('self-test')} }}`,
  '{{- $keys := keys $ }}{{ $defaults := deepCopy .Values }}{{ $first := dict }}',
  '{{- $own := .Capabilities }}{{ $release := .Release }}',
  '{{- range $index, $set := $input.sets }}',
  `{{- ${tracer('set')} }}`,
  '{{- if $input.asksApis }}{{ include "chart-harness.capabilities" (dict "root" $ "own" $own "set" $set) }}{{ end }}',
  '{{- $_ := include "chart-harness.set" (dict "index" $index "set" $set "root" $ "keys" $keys "defaults" $defaults "release" $release "first" $first "templates" $input.templates) }}',
  `{{- ${tracer('end')} }}`,
  '{{- end }}',
  '',
].join('\n')
