import { literalText } from './expressions.ts'
import { TemplateSyntaxError, type Token, tokenize } from './tokens.ts'

/** What opens a block. */
type BlockKeyword = 'if' | 'with' | 'range' | 'define' | 'block'

/** One branch of a block: from its action to the next branch's. Positions are indexes into the tokens. */
interface Branch {
  /** Its opening action: `if …`, `else if …`, `else`. */
  readonly open: number
  /** The action after it: an `else` or the `end`. */
  readonly close: number
}

/** A block of a template: `if`, `with`, `range`, `define`, `block`. */
export interface Block {
  readonly keyword: BlockKeyword
  readonly branches: readonly Branch[]
  /** Whether its last branch is a plain `else`. */
  readonly hasElse: boolean
  readonly parent?: Block
}

interface OpenBlock {
  readonly keyword: BlockKeyword
  readonly parent?: Block
  readonly branches: Branch[]
  open: number
  hasElse: boolean
}

const openers: ReadonlySet<string> = new Set(['if', 'with', 'range', 'define', 'block'])

/** The blocks of a tokenized template, in the order in which they open. */
export function findBlocks(tokens: readonly Token[]): readonly Block[] {
  const blocks: OpenBlock[] = []
  const stack: OpenBlock[] = []
  tokens.forEach((token, index) => {
    const top = stack.at(-1)
    if (token.keyword && openers.has(token.keyword)) {
      const block = openBlock(token.keyword as BlockKeyword, index, top)
      blocks.push(block)
      stack.push(block)
    } else if (token.keyword === 'else' || token.keyword === 'end') {
      if (!top) throw new TemplateSyntaxError(`line ${token.line}: ${token.body} without a block`)
      top.branches.push({ open: top.open, close: index })
      top.open = index
      if (token.keyword === 'end') stack.pop()
      else top.hasElse = token.body === 'else'
    }
  })
  const open = stack.at(-1)
  if (open) throw new TemplateSyntaxError(`line ${tokens[open.open]?.line}: block without end`)
  return blocks
}

function openBlock(keyword: BlockKeyword, index: number, parent?: Block): OpenBlock {
  return { keyword, branches: [], open: index, hasElse: false, ...(parent ? { parent } : {}) }
}

/** The names of the templates that a source defines. */
export function definedNames(source: string): string[] {
  const tokens = tokenize(source)
  return findBlocks(tokens).flatMap(({ keyword, branches }) => {
    if (keyword !== 'define' && keyword !== 'block') return []
    const [, word = ''] =
      /^\w+\s*("[^"]*"|`[^`]*`)/.exec(tokens[branches[0]?.open ?? 0]?.body ?? '') ?? []
    return [literalText(word) ?? '']
  })
}
