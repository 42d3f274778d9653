import type { CommandResult } from '../tools/run-command.ts'
import type { Outcome } from './chart.ts'
import type { HelmFailure } from './helm-errors.ts'
import type { Render } from './render.ts'
import type { RenderRequest } from './request.ts'

/** How a render was made: what is needed to explain a failure. */
export interface Origin {
  /** The chart's folder or package. */
  readonly chart: string
  readonly request: RenderRequest
  /** Where copies of the chart may be kept. */
  readonly cacheDir: string
  /** A hash of the chart's files. */
  readonly hash: string
  /** The keys that a line of the chart's own refusals names. */
  keysIn(line: string): readonly string[]
  /** Renders the chart with another request, which no recorder sees. */
  render(request: RenderRequest): Promise<Outcome>
  /** Runs Helm with this request over another chart. */
  runOn(chart: string): Promise<CommandResult>
}

const origins = new WeakMap<Render | HelmFailure, Origin>()

/** Keeps how the render, or the failure, came about. */
export function rememberOrigin<T extends Render | HelmFailure>(made: T, origin: Origin): T {
  origins.set(made, origin)
  return made
}

/** How it came about; undefined for what no chart made. */
export function originOf(made: Render | HelmFailure): Origin | undefined {
  return origins.get(made)
}
