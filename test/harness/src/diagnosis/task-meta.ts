import type { TaskMeta } from 'vitest'
import type { Explanation } from './explain.ts'
import { recentFailures } from './explain-failure.ts'
import type { ValueSource } from './values-layers.ts'

/** A line of a file, as a reporter points to it. */
export interface FileLine {
  readonly file: string
  readonly line: number
}

/** What a reporter learns about an explanation: plain data that goes from a worker to the main process. */
export interface ReportedExplanation {
  /** What failed. */
  readonly message: string
  /** `Kind/name`; none for a render that failed. */
  readonly object?: string
  readonly path?: string
  /** From the line of a template that wrote it outwards. */
  readonly templates: readonly FileLine[]
  /** Where its values are set, as far as that is in files. */
  readonly values: readonly (FileLine & { readonly path: string })[]
  readonly command: string
}

declare module 'vitest' {
  interface TaskMeta {
    /** Where what failed in this test comes from. */
    explained?: readonly ReportedExplanation[]
  }
}

/** What was explained about a test. */
export function explainedIn(meta: TaskMeta): readonly ReportedExplanation[] {
  return meta.explained ?? []
}

/** The explanation for reporters. */
export function forReporters(message: string, explanation: Explanation): ReportedExplanation {
  const { object, path, template, values, command } = explanation
  return {
    ...{ message, object, command },
    ...(path === undefined ? {} : { path }),
    templates: (template?.lines ?? []).map(({ file, line }) => ({ file, line })),
    values: values.flatMap(linesOf),
  }
}

/** What is known about the render that failed with this message, if one did. */
export function reportedFailure(message: string): readonly ReportedExplanation[] {
  const failure = recentFailures().find(({ details }) => message.includes(details))
  if (!failure) return []
  const { command, details, template, values } = failure
  const [what = message] = message.replace(details, '').replace(command, '').trim().split('\n\n')
  const templates = template ? [template] : []
  return [{ message: what.trim(), templates, values: values.flatMap(linesOf), command }]
}

function linesOf({ file, line, path }: ValueSource): ReportedExplanation['values'] {
  return file === undefined || line === undefined ? [] : [{ file, line, path }]
}
