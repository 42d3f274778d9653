// The template that runs many requests of an instrumented chart in one `helm lint`, where `fail` writes
// its argument to standard error, gives "" and goes on: so a chart can tell what it executes.
import type { DriverSet } from '../render/bulk/driver-template.ts'

/** The template function that reports: what it is called with comes back in Helm's log. */
export function probe(text: string): string {
  return `fail "~${text}~"`
}

/** What a request asks for. */
export interface ProbeSet extends DriverSet {
  readonly apis: readonly string[]
}

/** A run of the driver. */
export interface ProbeInput {
  /** The templates to render, in the order in which Helm runs them. */
  readonly units: readonly string[]
  readonly sets: readonly ProbeSet[]
  /** Whether `Capabilities` shall answer which APIs a set has. */
  readonly asksApis: boolean
}

/** The values for it. */
export function probeValues(input: ProbeInput): Readonly<Record<string, ProbeInput>> {
  return { [inputKey]: input }
}

const inputKey = 'chartHarness'

// Helm's own Capabilities cannot be changed. In the dict `GitVersion` is a method of Helm's version.
const capabilities = [
  '{{- define "chart-harness.capabilities" }}',
  '{{- $apis := dict }}{{ range concat (list) .own.APIVersions .set.apis }}{{ $_ := set $apis . true }}{{ end }}',
  '{{- $kube := dict "Version" .own.KubeVersion.Version "GitVersion" .own.KubeVersion.Version',
  '  "Major" .own.KubeVersion.Major "Minor" .own.KubeVersion.Minor }}',
  '{{- $_ := set .root "Capabilities" (dict "APIVersions" $apis "KubeVersion" $kube "HelmVersion" .own.HelmVersion) }}',
  '{{- end }}',
]

/** The text of the driver. It needs the helpers of the bulk driver and renders nothing. */
export const probeDriver: string = [
  ...capabilities,
  `{{- $input := .Values.${inputKey} }}{{ $_ := unset .Values "${inputKey}" }}`,
  `{{- ${probe('self-test')} }}`,
  '{{- $keys := keys $ }}{{ $defaults := deepCopy .Values }}{{ $first := dict }}',
  '{{- $own := .Capabilities }}{{ $release := .Release }}',
  '{{- range $index, $set := $input.sets }}',
  `{{- ${probe('set')} }}`,
  '{{- if $input.asksApis }}{{ include "chart-harness.capabilities" (dict "root" $ "own" $own "set" $set) }}{{ end }}',
  '{{- $_ := include "chart-harness.set" (dict "index" $index "set" $set "root" $ "keys" $keys "defaults" $defaults "release" $release "first" $first "units" $input.units) }}',
  `{{- ${probe('end')} }}`,
  '{{- end }}',
  '',
].join('\n')
