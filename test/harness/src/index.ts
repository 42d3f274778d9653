export { type Chart, type ChartOptions, createChart, type RenderOptions } from './chart.ts'
export { cacheRoot, pruneCache } from './disk-cache.ts'
export {
  describeFailure,
  type FailureKind,
  HelmError,
  type HelmFailure,
  parseHelmError,
} from './helm-errors.ts'
export { isClusterScoped, isKnownKind, knownKinds } from './kinds.ts'
export { hookOf, identity, isRecord, loadManifests, ManifestError, nameOf } from './manifests.ts'
export { containersOf, isWorkload, podOf, podsOf } from './pods.ts'
export { createRender, LookupError, type Render } from './render.ts'
export { type CommandResult, limiter, runCommand, shellCommand } from './run-command.ts'
export type { SchemaViolation } from './schema-violations.ts'
export { registerTools, type Tool, ToolError, type ToolPin } from './tool-pins.ts'
export { type ResolveOptions, resolveTool } from './tools.ts'
export type * from './types.ts'
export { parseYaml, splitDocuments, YamlError } from './yaml.ts'
