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
    defines: definedNames(source),
    calls: callsIn(source),
  }))
  return (changed) => {
    if (!changed.startsWith('templates/')) return described.map(({ file }) => file)
    const affected = new Set([changed])
    for (const name of affected) {
      const defines = described.find(({ file }) => file === name)?.defines ?? []
      for (const { file, calls } of described)
        if (calls.some((call) => defines.some((define) => mayMean(call, define))))
          affected.add(file)
    }
    return [...affected].sort()
  }
}

interface Call {
  /** The name of what is included, or how it begins. */
  readonly name: string
  readonly isWhole: boolean
}

// What `tpl` is given may include anything, and so may a name that is put together; often its beginning is known.
const call =
  /\b(?:include|template|block)\s+(?:"(?<name>[^"]+)"|\(\s*printf\s+"(?<start>[^"%]*)|)|\btpl\b/g

function callsIn(source: string): Call[] {
  const actions = tokenize(source).filter(({ type }) => type === 'action')
  return actions
    .flatMap(({ body }) => [...body.matchAll(call)])
    .map(({ groups = {} }) => ({
      name: groups.name ?? groups.start ?? '',
      isWhole: groups.name !== undefined,
    }))
}

function mayMean({ name, isWhole }: Call, define: string): boolean {
  return isWhole ? define === name : define.startsWith(name)
}
