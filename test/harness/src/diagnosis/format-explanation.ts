import { formatExcerpt } from './excerpt.ts'
import type { Explanation } from './explain.ts'
import type { TemplateTrace } from './template-lines.ts'
import { displayPath, formatSource } from './values-layers.ts'

/** The explanation for a person: the rendered lines, what made them, what set them, how to see it. */
export function formatExplanation({ excerpt, template, values, command }: Explanation): string {
  return [
    ...formatExcerpt(excerpt),
    ...(excerpt.length > 0 ? [''] : []),
    ...(template ? [`made by: ${formatTrace(template)}`] : []),
    ...values.map((value) => `set by:  ${formatSource(value)}`),
    `see it:  ${command}`,
  ].join('\n')
}

/** `chart/templates/_pod.tpl:12, included by chart/templates/web.yaml:9`. */
export function formatTrace({ lines, isExact }: TemplateTrace): string {
  const places = lines.map(({ file, line }) => `${displayPath(file)}:${line}`)
  return `${isExact ? '' : 'about '}${places.join(', included by ')}`
}
