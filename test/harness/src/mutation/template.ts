import { type Block, findBlocks } from '../templates/blocks.ts'
import {
  type CommandPlace,
  placesOf,
  readStatement,
  type Statement,
} from '../templates/expressions.ts'
import { type Token, tokenize } from '../templates/tokens.ts'

/** A template as the operators see it. */
export interface Template {
  readonly source: string
  readonly tokens: readonly Token[]
  readonly blocks: readonly Block[]
  readonly statements: readonly Statement[]
  /** The commands of all statements. */
  readonly places: readonly CommandPlace[]
}

/** One replacement in a source: what an operator proposes. */
export interface Edit {
  readonly operator: string
  readonly description: string
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Reads a template. */
export function readTemplate(source: string): Template {
  const tokens = tokenize(source)
  const statements = tokens.flatMap((token) => readStatement(token) ?? [])
  const places = statements.flatMap((statement) => placesOf(statement))
  return { source, tokens, blocks: findBlocks(tokens), statements, places }
}
