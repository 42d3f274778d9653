// What an action of a template says, as far as marks must know it: where the text of an `include` is
// only laid out, it may carry marks; where a function reads it, it may not.

import {
  type Command,
  literalText,
  type Pipeline,
  parsePipeline,
} from '../../templates/expressions.ts'

/** What the name of a template gets when it is the twin that writes marks. */
export const twinSuffix = '#marked'

/** The templates that have a twin. `isComplete`: all have, so names made at run time have, too. */
export interface Twins {
  readonly names: ReadonlySet<string>
  readonly isComplete: boolean
}

// Functions that change nothing but the blanks around lines.
const layout = /^(?:trim|n?indent\s+\S+|trim(?:Suffix|Prefix)\s+"(?:\\n)+")$/

/** The pipeline with the marked twin of what it includes; undefined when it includes nothing to mark. */
export function includeMarked(source: string, twins: Twins): string | undefined {
  return rewrite(source, parsePipeline(source), ({ operands }) => {
    const [call, name, context, ...more] = operands
    if (call?.text !== 'include' || !name || !context || more.length > 0) return undefined
    const twin = twinOf(source.slice(name.start, name.end), twins)
    return twin && `include ${twin} ${source.slice(context.start, context.end)}`
  })
}

/** Whether the pipeline only lays out the dot. */
export function showsDot(source: string): boolean {
  const isDot = ({ operands }: Pick<Command, 'operands'>): string | undefined =>
    operands.length === 1 && operands[0]?.text === '.' ? '.' : undefined
  return rewrite(source, parsePipeline(source), isDot) !== undefined
}

type Core = (command: Pick<Command, 'operands'>) => string | undefined

/** Rewrites the command at the core of a pipeline of which everything else is layout. */
function rewrite(source: string, pipeline: Pipeline | undefined, core: Core): string | undefined {
  const [first, ...rest] = pipeline?.commands ?? []
  if (!pipeline || !first || !rest.every((one) => isLayout(source, one))) return undefined
  const changed = core(first) ?? rewriteLast(source, first, core)
  return changed && changed + source.slice(first.end, pipeline.end)
}

// `nindent 2 (include "x" .)`, `trim .`
function rewriteLast(source: string, { start, operands }: Command, core: Core): string | undefined {
  const [last, before] = [operands.at(-1), operands.at(-2)]
  if (!last || (before && !isLayout(source, { start, end: before.end }))) return undefined
  const outer = source.slice(start, last.start)
  if (!last.pipeline) return before && prefixed(outer, core({ operands: [last] }))
  if (source[last.end - 1] !== ')') return undefined // a field is taken from it
  const inner = rewrite(source, last.pipeline, core)
  return inner && `${outer}(${inner})`
}

function prefixed(outer: string, text: string | undefined): string | undefined {
  return text && outer + text
}

function isLayout(source: string, { start, end }: { start: number; end: number }): boolean {
  return layout.test(source.slice(start, end))
}

function twinOf(name: string, { names, isComplete }: Twins): string | undefined {
  const literal = literalText(name)
  if (literal !== undefined) {
    return names.has(literal) ? JSON.stringify(literal + twinSuffix) : undefined
  }
  return isComplete ? `(printf "%s${twinSuffix}" ${name})` : undefined
}
