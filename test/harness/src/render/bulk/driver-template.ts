// The template that renders many value sets in one Helm process. Each set is put into the real `.Values`
// and `.Release` of the real root object, so that the chart's templates see what they always see.
import { isRecord } from '../../objects/manifests.ts'
import type { ResolvedRequest } from '../request.ts'

/** What may differ between requests that share a process. */
export type DriverSet = Required<
  Pick<ResolvedRequest, 'values' | 'release' | 'namespace' | 'isUpgrade'>
>

/** That part of a request; undefined when Helm must refuse it, or knows better. */
export function driverSetOf(request: Omit<ResolvedRequest, 'chartHash'>): DriverSet | undefined {
  const { values = {}, release, namespace, isUpgrade } = request
  if (!isRecord(values) || !isReleaseName(release) || namespace === '') return undefined
  return { values, release, namespace, isUpgrade }
}

/** The request without that part. */
export function withoutSet(request: ResolvedRequest): ResolvedRequest {
  return { ...request, values: {}, release: 'r', namespace: 'n', isUpgrade: false }
}

// As https://pkg.go.dev/helm.sh/helm/v3/pkg/chartutil#ValidateReleaseName.
const releaseName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function isReleaseName(name: string): boolean {
  return name.length <= 53 && releaseName.test(name)
}

/** How many value sets one process renders at most: more take longer to start than they save. */
export const batchSize = 25

/** Marks the driver's lines in Helm's output. They are comments, so that Helm does not parse them. */
export const mark = '#chart-harness '

/** The input of the driver. */
export interface DriverInput {
  readonly sets: readonly DriverSet[]
  /** The templates to render, in the order in which Helm runs them. */
  readonly templates: readonly string[]
}

/** The key in the values where a driver finds its input. */
export const inputKey = 'chartHarness'

/** The helpers of the driver for a chart with these templates. */
export function driverHelpers(templates: readonly string[]): string {
  return [...helpers, ...templates.map(alias)].join('\n')
}

/** The driver itself: one line for each set, so that an error's line identifies the set. */
export function driver(): string {
  const lines = Array.from({ length: batchSize }, (_, index) => {
    return `{{- if gt (len $sets) ${index} }}{{ include "chart-harness.set" (dict "index" ${index} "set" (index $sets ${index}) "root" $ "keys" $keys "defaults" $defaults "release" $release "first" $first "templates" $templates) }}{{ end }}`
  })
  return [...start, ...lines, ''].join('\n')
}

/** The line of the driver that renders the set with this index, from 1. */
export function setOfLine(line: number): number {
  return line - start.length - 1
}

const start = [
  `{{- $sets := .Values.${inputKey}.sets }}{{ $templates := .Values.${inputKey}.templates -}}`,
  `{{- $_ := unset .Values "${inputKey}" -}}`,
  '{{- $keys := keys $ }}{{ $defaults := deepCopy .Values }}{{ $release := .Release }}{{ $first := dict -}}',
]

const helpers = [
  // Puts user values (source) over defaults (target) as Helm does: maps merge, null removes.
  '{{- define "chart-harness.merge" -}}',
  '{{- range $key, $value := .source }}',
  '{{- $below := get $.target $key }}',
  '{{- if and (kindIs "map" $value) (kindIs "map" $below) }}',
  '{{- include "chart-harness.merge" (dict "source" $value "target" $below) }}',
  '{{- else if and (kindIs "invalid" $value) (hasKey $.target $key) }}{{ $_ := unset $.target $key }}',
  '{{- else }}{{ $_ := set $.target $key $value }}{{ end }}',
  '{{- end }}',
  '{{- end }}',
  // What a chart left on the root object or in its values must not reach the next set.
  '{{- define "chart-harness.reset" -}}',
  '{{- range $key, $_ := .root }}{{ if not (has $key $.keys) }}{{ $_ := unset $.root $key }}{{ end }}{{ end }}',
  '{{- range $key, $_ := .root.Values }}{{ $_ := unset $.root.Values $key }}{{ end }}',
  '{{- range $key, $value := deepCopy .defaults }}{{ $_ := set $.root.Values $key $value }}{{ end }}',
  '{{- include "chart-harness.merge" (dict "source" .set.values "target" .root.Values) }}',
  // A merge takes false for empty: what is true or false stays out of its source.
  '{{- $release := dict "Name" .set.release "Namespace" .set.namespace "IsUpgrade" .set.isUpgrade "IsInstall" (not .set.isUpgrade) }}',
  '{{- $_ := set .root "Release" (merge $release (omit .release "IsUpgrade" "IsInstall")) }}',
  '{{- end }}',
  // A template that renders what it rendered for the first set is left out.
  '{{- define "chart-harness.set" -}}',
  '{{- include "chart-harness.reset" . }}',
  '{{- range $template := .templates }}',
  '{{- $basePath := printf "%s/templates" (splitList "/" $template | first) }}',
  '{{- $_ := set $.root "Template" (dict "Name" $template "BasePath" $basePath) }}',
  '{{- $text := include $template $.root }}',
  '{{- if eq $.index 0 }}{{ $_ := set $.first $template $text }}{{ end }}',
  '{{- if or (eq $.index 0) (ne $text (get $.first $template)) }}',
  `${mark}{{ dict "set" $.index "template" $template "text" $text | toJson }}`,
  '{{- end }}',
  '{{- end }}',
  `${mark}{{ dict "set" $.index | toJson }}`,
  '{{- end }}',
]

/** Where the driver chart keeps a template, so that Helm does not render it on its own. */
export function hidden(template: string): string {
  return template.replace(/([^/]+)$/, '_chart-harness.$1')
}

// Templates may include each other by their path.
function alias(template: string): string {
  return `{{- define "${template}" -}}{{ template "${hidden(template)}" . }}{{- end }}`
}
