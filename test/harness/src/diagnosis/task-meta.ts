import type { Explanation } from './explain.ts'

/** A line of a file, as a reporter points to it. */
export interface FileLine {
  readonly file: string
  readonly line: number
}

/** What a reporter gets to know of an explanation: plain data that goes from a worker to the main process. */
export interface ReportedExplanation {
  /** What failed, in one line. */
  readonly message: string
  readonly object: string
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

/** The explanation for reporters. */
export function forReporters(message: string, explanation: Explanation): ReportedExplanation {
  const { object, path, template, values, command } = explanation
  return {
    ...{ message: message.split('\n')[0] ?? '', object, command },
    ...(path === undefined ? {} : { path }),
    templates: (template?.lines ?? []).map(({ file, line }) => ({ file, line })),
    values: values.flatMap((value) => {
      const { file, line } = value
      return file === undefined || line === undefined ? [] : [{ file, line, path: value.path }]
    }),
  }
}
