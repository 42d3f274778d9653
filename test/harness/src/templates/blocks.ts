import { literalText } from './expressions.ts'
import { TemplateSyntaxError, type Token, tokenize } from './tokens.ts'

/** A branch, as indexes into the tokens: of its opening action, and of the `else` or `end` after it. */
interface BranchTokens {
  readonly open: number
  readonly close: number
}

/** A block of a template: `if`, `with`, `range`, `define`, `block`. */
export interface Block {
  readonly keyword: (typeof openers)[number]
  readonly branches: readonly BranchTokens[]
  /** Whether its last branch is a plain `else`. */
  readonly hasElse: boolean
  readonly parent?: Block
}

interface OpenBlock extends Block {
  readonly branches: BranchTokens[]
  open: number
  hasElse: boolean
}

const openers = ['if', 'with', 'range', 'define', 'block'] as const

/** The blocks of a tokenized template, in the order in which they open. */
export function findBlocks(tokens: readonly Token[]): readonly Block[] {
  const blocks: OpenBlock[] = []
  const stack: OpenBlock[] = []
  tokens.forEach((token, index) => {
    const top = stack.at(-1)
    const keyword = openers.find((one) => one === token.keyword)
    if (keyword) {
      const parent = top ? { parent: top } : {}
      const block: OpenBlock = { keyword, branches: [], open: index, hasElse: false, ...parent }
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
