import { tokenize } from '../templates/tokens.ts'
import type { SourceFile } from './mutants.ts'
import { definedNames } from './template.ts'

/**
 * The templates whose output a change of a file can change, as paths in the chart: the file itself and
 * whatever includes, directly or not, what it defines; all, if it is no template. What templates leave
 * in `.Values` for each other is not seen.
 */
export function affectedBy(files: readonly SourceFile[]): (file: string) => readonly string[] {
  const described = files.map(({ file, source }) => ({
    file,
    names: [...definedNames(source), file], // a template may be included by its path, too
    calls: callsIn(source),
  }))
  const everything = described.map(({ file }) => file)
  const known = new Map<string, readonly string[]>()
  const find = (changed: string): readonly string[] => {
    if (!changed.startsWith('templates/')) return everything
    const affected = new Set([changed])
    for (const name of affected) {
      const names = described.find(({ file }) => file === name)?.names ?? []
      for (const { file, calls } of described)
        if (calls.some((call) => names.some((name) => mayMean(call, name)))) affected.add(file)
    }
    return [...affected].sort()
  }
  return (changed) => {
    const found = known.get(changed) ?? find(changed)
    known.set(changed, found)
    return found
  }
}

interface Call {
  /** The name of what is included, or how it begins. */
  readonly name: string
  readonly isWhole: boolean
}

// What `tpl` is given may include anything, and so may a name that is put together; often its beginning is known.
const call =
  /(?<![\w$.])(?:tpl\b|(?:include|template|block)\s+(?:"(?<name>[^"]+)"|\(\s*printf\s+"(?<start>[^"%]*)|))/g

function callsIn(source: string): Call[] {
  const actions = tokenize(source).filter(({ type }) => type === 'action')
  return actions
    .flatMap(({ body }) => [...body.matchAll(call)])
    .map(({ groups = {} }) => ({
      name: groups.name ?? groups.start ?? '',
      isWhole: groups.name !== undefined,
    }))
}

function mayMean({ name, isWhole }: Call, template: string): boolean {
  return isWhole ? `/${name}`.endsWith(`/${template}`) : template.startsWith(name)
}
