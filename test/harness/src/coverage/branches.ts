import { type Block, findBlocks } from '../templates/blocks.ts'
import { TemplateSyntaxError, type Token, tokenize } from '../templates/tokens.ts'

/** What a branch is; `file` is the template as a whole, `implicit else` is where no `else` is written. */
type BranchKind = Block['keyword'] | 'file' | 'else if' | 'else with' | 'else' | 'implicit else'

/** A piece of a template that is executed or not as a whole. */
export interface Branch {
  /** The file, relative to the chart. */
  readonly file: string
  readonly kind: BranchKind
  /** Where it opens; of an implicit else, where its block does. */
  readonly line: number
  /** Its own condition, the name of a define; of an else, the condition before it. */
  readonly condition: string
  /** Offsets into the source: behind the opening action, and before the closing one. */
  readonly start: number
  readonly end: number
  readonly firstLine: number
  readonly lastLine: number
  /** The branch that contains its block. */
  readonly parent?: Branch
  /** The branches of the same block before it: their conditions did not hold. */
  readonly before: readonly Branch[]
  /** The comment that says why it need not be covered. */
  readonly exception?: Exception
  /** The trim marks that what is put at `start` must have, so that no byte of the output changes. */
  readonly trimLeft: boolean
  readonly trimRight: boolean
}

/** A comment that excuses the branch that begins with it, with all that is in the branch. */
interface Exception {
  readonly reason: string
  readonly line: number
}

/** Whether the author wrote this branch: a gate asks for all of these. */
export function isExplicit({ kind }: Branch): boolean {
  return kind !== 'file' && kind !== 'implicit else'
}

/** The branches of a template, each after the one that contains it. */
export function findBranches(file: string, source: string): readonly Branch[] {
  try {
    const tokens = tokenize(source)
    const branches = [wholeFile(file, source)]
    for (const block of findBlocks(tokens)) branches.push(...branchesOf(block, tokens, branches))
    return branches.sort((a, b) => a.start - b.start || b.end - a.end)
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error
    throw new TemplateSyntaxError(`${file}, ${error.message}`)
  }
}

function wholeFile(file: string, source: string): Branch {
  return {
    ...{ file, kind: 'file', line: 1, condition: '', start: 0, end: source.length },
    ...{ firstLine: 1, lastLine: linesIn(source), before: [], trimLeft: false, trimRight: false },
  }
}

function branchesOf(block: Block, tokens: readonly Token[], known: readonly Branch[]): Branch[] {
  const [first] = block.branches
  const outer = known.filter((branch) => contains(branch, tokens[first?.open ?? 0]?.start ?? 0))
  const parent = outer.reduce((a, b) => (b.start >= a.start ? b : a))
  const branches: Branch[] = []
  for (const { open, close } of block.branches) {
    const [opening, closing] = [tokens[open], tokens[close]]
    if (!opening || !closing) continue
    const exception = exceptionAt(tokens, open)
    branches.push({
      ...{ file: parent.file, line: opening.line, parent, before: [...branches] },
      ...describe(opening, branches.at(-1)),
      ...{ start: opening.end, firstLine: opening.line + linesIn(opening.text) - 1 },
      ...{ end: closing.start, lastLine: closing.line },
      ...{ trimLeft: false, trimRight: opening.trimRight },
      ...(exception ? { exception } : {}),
    })
  }
  const end = tokens[block.branches.at(-1)?.close ?? 0]
  return end && canSkip(block, branches) ? [...branches, implicitElse(end, branches)] : branches
}

function contains({ start, end }: Branch, offset: number): boolean {
  return start <= offset && offset < end
}

function describe({ body, keyword }: Token, before?: Branch): Pick<Branch, 'kind' | 'condition'> {
  const words = body.replace(/\s+/g, ' ')
  const chain = /^else (if|with) (.*)$/.exec(words)
  if (chain) return { kind: `else ${chain[1] as 'if' | 'with'}`, condition: chain[2] ?? '' }
  if (keyword === 'else') return { kind: 'else', condition: before?.condition ?? '' }
  return { kind: keyword as BranchKind, condition: words.replace(/^\w+ ?/, '') }
}

// `required` fails instead of giving nothing, so there is no way past a `with` or `if` of it.
function canSkip(block: Block, branches: readonly Branch[]): boolean {
  if (block.hasElse || block.keyword === 'define' || block.keyword === 'block') return false
  return !branches.some(({ condition }) => /^(?:\$\w+ :?= )?required\b/.test(condition))
}

function implicitElse(end: Token, before: readonly Branch[]): Branch {
  const [first] = before
  const last = before.at(-1)
  return {
    ...{ file: '', line: end.line, condition: '', ...first },
    ...{ kind: 'implicit else', condition: last?.condition ?? '', before },
    ...{ start: end.start, end: end.start, firstLine: end.line, lastLine: end.line },
    ...{ trimLeft: end.trimLeft, trimRight: false },
  }
}

function linesIn(text: string): number {
  return text.split('\n').length
}

/** The exception of the branch that the token at `open` opens: a comment with only blanks before it. */
function exceptionAt(tokens: readonly Token[], open: number): Exception | undefined {
  const next = tokens[open + 1]
  const comment = next?.type === 'text' && next.text.trim() === '' ? tokens[open + 2] : next
  const reason = comment && reasonOf(comment)
  return comment && reason ? { reason, line: comment.line } : undefined
}

function reasonOf({ type, body }: Token): string | undefined {
  if (type !== 'comment') return undefined
  const [, reason] = /^\/\*\s*coverage:\s*ignore\s*[—–:-]+\s*(.*?)\s*\*\/$/s.exec(body) ?? []
  return reason ? reason.replace(/\s+/g, ' ') : undefined
}

const form = '{{- /* coverage: ignore — why no test can reach it */}}'

/** The comments about coverage that excuse no branch, each with what is wrong. */
export function wrongExceptions(
  source: string,
  branches: readonly Branch[],
): { readonly line: number; readonly message: string }[] {
  const valid = new Set(branches.map(({ exception }) => exception?.line))
  return tokenize(source)
    .filter(({ type, body }) => type === 'comment' && /^\/\*\s*coverage:/.test(body))
    .filter(({ line }) => !valid.has(line))
    .map((token) => ({
      line: token.line,
      message: reasonOf(token)
        ? 'the exception is in no branch. Write it directly behind the action that opens one.'
        : `an exception needs a reason. Write ${form}.`,
    }))
}
