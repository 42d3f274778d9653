import { type Block, findBlocks } from '../templates/blocks.ts'
import { TemplateSyntaxError, type Token, tokenize } from '../templates/tokens.ts'
import { type Exception, exceptionAt } from './exceptions.ts'

/** What an arm is; `file` is the template as a whole, `implicit else` stands where no `else` does. */
type ArmKind =
  | 'file'
  | 'define'
  | 'block'
  | 'if'
  | 'else if'
  | 'with'
  | 'else with'
  | 'range'
  | 'else'
  | 'implicit else'

/** A piece of a template that is executed or not as a whole. */
export interface Arm {
  /** The file, relative to the chart. */
  readonly file: string
  readonly kind: ArmKind
  /** Where it opens; of an implicit else, where its block does. */
  readonly line: number
  /** Its own condition, the name of a define; of an else, the condition before it. */
  readonly condition: string
  /** Offsets into the source: behind the opening action, and before the closing one. */
  readonly start: number
  readonly end: number
  readonly firstLine: number
  readonly lastLine: number
  /** The arm in which its block stands. */
  readonly parent?: Arm
  /** The arms of the same block before it: their conditions did not hold. */
  readonly before: readonly Arm[]
  /** Why it need not be covered. */
  readonly exception?: Exception
  /** The trim marks that what is put at `start` must have, so that no byte of the output changes. */
  readonly trimLeft: boolean
  readonly trimRight: boolean
}

/** Whether the author wrote this arm: a gate asks for all of these. */
export function isExplicit({ kind }: Arm): boolean {
  return kind !== 'file' && kind !== 'implicit else'
}

/** The arms of a template, each behind the one in which it stands. */
export function findArms(file: string, source: string): readonly Arm[] {
  try {
    const tokens = tokenize(source)
    const arms = [wholeFile(file, source)]
    for (const block of findBlocks(tokens)) arms.push(...armsOf(block, tokens, arms))
    return arms.sort((a, b) => a.start - b.start || b.end - a.end)
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error
    throw new TemplateSyntaxError(`${file}, ${error.message}`)
  }
}

function wholeFile(file: string, source: string): Arm {
  return {
    ...{ file, kind: 'file', line: 1, condition: '', start: 0, end: source.length },
    ...{ firstLine: 1, lastLine: linesIn(source), before: [], trimLeft: false, trimRight: false },
  }
}

function armsOf(block: Block, tokens: readonly Token[], known: readonly Arm[]): Arm[] {
  const [first] = block.branches
  const outer = known.filter((arm) => contains(arm, tokens[first?.open ?? 0]?.start ?? 0))
  const parent = outer.reduce((a, b) => (b.start >= a.start ? b : a))
  const arms: Arm[] = []
  for (const { open, close } of block.branches) {
    const [opening, closing] = [tokens[open], tokens[close]]
    if (!opening || !closing) continue
    const exception = exceptionAt(tokens, open)
    arms.push({
      ...{ file: parent.file, line: opening.line, parent, before: [...arms] },
      ...describe(opening, arms.at(-1)),
      ...{ start: opening.end, firstLine: opening.line + linesIn(opening.text) - 1 },
      ...{ end: closing.start, lastLine: closing.line },
      ...{ trimLeft: false, trimRight: opening.trimRight },
      ...(exception ? { exception } : {}),
    })
  }
  const end = tokens[block.branches.at(-1)?.close ?? 0]
  return end && canSkip(block, arms) ? [...arms, implicitElse(end, arms)] : arms
}

function contains({ start, end }: Arm, offset: number): boolean {
  return start <= offset && offset < end
}

function describe({ body, keyword }: Token, before?: Arm): Pick<Arm, 'kind' | 'condition'> {
  const words = body.replace(/\s+/g, ' ')
  const chain = /^else (if|with) (.*)$/.exec(words)
  if (chain) return { kind: `else ${chain[1] as 'if' | 'with'}`, condition: chain[2] ?? '' }
  if (keyword === 'else') return { kind: 'else', condition: before?.condition ?? '' }
  return { kind: keyword as ArmKind, condition: words.replace(/^\w+ ?/, '') }
}

// `required` fails rather than give nothing, so there is no way past a `with` or `if` of it.
function canSkip(block: Block, arms: readonly Arm[]): boolean {
  if (block.hasElse || block.keyword === 'define' || block.keyword === 'block') return false
  return !arms.some(({ condition }) => /^(?:\$\w+ :?= )?required\b/.test(condition))
}

function implicitElse(end: Token, before: readonly Arm[]): Arm {
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
