import { calledBy, type Pipeline, type Statement } from '../templates/expressions.ts'
import type { Edit, Template } from './template.ts'

/** Conditions that are negated, or always or never hold; loops that do not run; missing `else` branches. */
export function mutateConditions(template: Template): Edit[] {
  return [
    ...template.statements.flatMap((statement) => [
      ...negate(template.source, statement),
      ...force(template.source, statement),
    ]),
    ...dropElse(template),
  ]
}

function negate(source: string, { keyword, assign, pipeline }: Statement): Edit[] {
  if (keyword !== 'if' || assign !== 'none') return []
  const about = { operator: 'negate-condition', description: 'the condition is negated' }
  return [{ ...about, ...pipeline, text: negated(source, pipeline) }]
}

const opposites: Readonly<Record<string, string>> = { eq: 'ne', ne: 'eq' }

function negated(source: string, { start, end, commands }: Pipeline): string {
  const text = source.slice(start, end)
  const [command, ...others] = commands
  const name = command && others.length === 0 ? calledBy(command) : undefined
  const operand = command?.operands[1]
  if (name === 'not' && operand) return source.slice(operand.start, end)
  const opposite = name === undefined ? undefined : opposites[name]
  return opposite && name ? opposite + text.slice(name.length) : `not (${text})`
}

function force(source: string, { keyword, pipeline }: Statement): Edit[] {
  if (keyword === 'none') return []
  const edit = (operator: string, description: string, text: string): Edit[] =>
    source.slice(pipeline.start, pipeline.end) === text
      ? []
      : [{ operator, description, start: pipeline.start, end: pipeline.end, text }]
  if (keyword === 'range') return edit('skip-loop', 'the loop has nothing to run over', 'list')
  const never = edit('condition-false', 'the condition never holds', 'false')
  if (keyword === 'with') return never
  return [...never, ...edit('condition-true', 'the condition always holds', 'true')]
}

function dropElse({ tokens, blocks }: Template): Edit[] {
  return blocks
    .filter(({ hasElse }) => hasElse)
    .flatMap(({ branches }) => {
      const branch = branches.at(-1)
      const [open, close] = branch ? [tokens[branch.open], tokens[branch.close]] : []
      if (!open || !close) return []
      const span = { start: open.start, end: close.start }
      return [{ operator: 'drop-else', description: 'the else branch is gone', ...span, text: '' }]
    })
}
