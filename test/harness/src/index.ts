// What the package exports; with `*` where a whole file is public.
export * from './checks/check-sets.ts'
export {
  checkNothingRestarts,
  checkSameBytes,
  checkSameObjects,
  compareRenders,
  createBumpedChart,
  type TemporaryChart,
} from './checks/comparisons.ts'
export {
  type CrdKind,
  type CrdModule,
  type CrdTexts,
  crdFiles,
  downloadCrds,
} from './checks/crd-schemas.ts'
export { type KubeconformOptions, runKubeconform } from './checks/kubeconform.ts'
export {
  createSchemaChecker,
  type SchemaChecker,
  schemaFileOf,
} from './checks/kubernetes-schemas.ts'
export * from './checks/leftovers.ts'
export * from './checks/names.ts'
export * from './checks/pod-security.ts'
export {
  defineRule,
  formatProblem,
  type Rule,
  type RuleDefinition,
  type RuleResults,
  runRules,
  type Verdict,
} from './checks/rules.ts'
export type { SchemaViolation } from './checks/schema-violations.ts'
export * from './checks/secret-leaks.ts'
export * from './checks/seed-faults.ts'
export {
  formatColumns,
  formatFindings,
  formatTable,
  type HelmReport,
  type SetFinding,
  type SetReport,
} from './checks/set-report.ts'
export * from './checks/values-file.ts'
export {
  downloadSwagger,
  findNewestPatch,
  recordedVersion,
  type ServedKind,
  schemaFiles,
} from './checks/vendor-schemas.ts'
export * from './checks/write-render.ts'
export * from './coverage/lcov.ts'
export { type Coverage, type CoverageOptions, measureCoverage } from './coverage/measure.ts'
export { requestsByLine } from './coverage/measured.ts'
export * from './coverage/report.ts'
export { type Explanation, explain, type ReportedExplanation } from './diagnosis/explain.ts'
export { formatExplanation } from './diagnosis/format.ts'
export type { TemplateTrace } from './diagnosis/lines/template-lines.ts'
export type { ValueSource } from './diagnosis/values-layers.ts'
export { checkReferences } from './graph/check-references.ts'
export {
  collectReferences,
  type ExternalObject,
  type Externals,
  type Reference,
} from './graph/references.ts'
export { selects } from './graph/selectors.ts'
export { closest, isClusterScoped } from './objects/kinds.ts'
export {
  hookOf,
  identity,
  isRecord,
  loadManifests,
  ManifestError,
  nameOf,
} from './objects/manifests.ts'
export { valueAt, valuesIn } from './objects/paths.ts'
export * from './objects/pods.ts'
export { bytes } from './objects/quantity.ts'
export type * from './objects/types.ts'
export { parseYaml, splitDocuments, YamlError } from './objects/yaml.ts'
export { type Chart, type ChartOptions, createChart, type Outcome } from './render/chart.ts'
export { copyChart } from './render/chart-files.ts'
export { cacheRoot, pruneCache } from './render/disk-cache.ts'
export * from './render/helm-errors.ts'
export {
  CoverageError,
  type RecordedRequest,
  readRequests,
  recordVariable,
} from './render/recorder.ts'
export { createRender, LookupError, type Render } from './render/render.ts'
export type { RenderRequest, SchemaCheck } from './render/request.ts'
export * from './reporters/annotations-reporter.ts'
export * from './reporters/rule-totals-reporter.ts'
export { type CommandResult, limiter, runCommand, shellCommand } from './tools/run-command.ts'
export { presetPins, registerTools, type Tool, ToolError, type ToolPin } from './tools/tool-pins.ts'
export { optionalTool, type ResolveOptions, resolveTool } from './tools/tools.ts'
export * from './upgrade/check-upgrade.ts'
export * from './upgrade/comparison.ts'
export {
  type Change,
  diffValues,
  type UpgradeEffect,
  type UpgradeProblem,
} from './upgrade/finding.ts'
export type { Allowance, SafetyOptions } from './upgrade/matchers.ts'
export type { Suggestions } from './values/arbitrary.ts'
export { checkValuesSchema } from './values/check-values.ts'
export * from './values/coverage.ts'
export type { Counterexample, FuzzOptions, FuzzReport } from './values/explore.ts'
export * from './values/fuzz.ts'
export * from './values/fuzz-invalid.ts'
export { type MergedValues, mergeDefaults, mergeFiles } from './values/merge.ts'
export { type Finding, judgeOutcome, type Oracle } from './values/oracle.ts'
export { describeViolations } from './values/suggest-key.ts'
export type { Profile } from './values/surroundings.ts'
export * from './values/taint.ts'
export type { KeyOptions, TrialOptions } from './values/trials.ts'
