import { formatExcerpt } from './excerpt.ts'
import type { Explanation } from './explain.ts'
import type { TemplateTrace } from './lines/template-lines.ts'
import { displayPath, formatSource } from './values-layers.ts'

/** The explanation for a person: the rendered lines, what made them, what set them, how to see it. */
export function formatExplanation(explanation: Explanation): string {
  return [...formatBody(explanation), `see it:  ${explanation.command}`].join('\n')
}

/** Several explanations of one failure: each with its place, a command that they share once. */
export function formatExplanations(explanations: readonly Explanation[]): string {
  const [first] = explanations
  if (explanations.length === 1 && first) return formatExplanation(first)
  const parts = explanations.map((one) =>
    [[one.object, one.path].filter((part) => part !== undefined).join(' '), ...formatBody(one)]
      .join('\n')
      .trimEnd(),
  )
  const commands = new Set(explanations.map(({ command }) => `see it:  ${command}`))
  return [...parts, ...commands].join('\n\n')
}

function formatBody({ excerpt, template, values }: Explanation): string[] {
  return [
    ...formatExcerpt(excerpt),
    ...(excerpt.length > 0 ? [''] : []),
    ...(template ? [`made by: ${formatTrace(template)}`] : []),
    ...values.map((value) => `set by:  ${formatSource(value)}`),
  ]
}

/** `chart/templates/_pod.tpl:12, included by chart/templates/web.yaml:9`. */
function formatTrace({ lines, isExact }: TemplateTrace): string {
  const places = lines.map(({ file, line }) => `${displayPath(file)}:${line}`)
  return `${isExact ? '' : 'about '}${places.join(', included by ')}`
}
