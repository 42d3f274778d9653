// Every key of the values, with its shape, its default and its sentence: what docs, variables and checks are made from.
import { isRecord } from 'chart-harness'
import {
  type Fragment,
  findDefinition,
  inOrder,
  takenKeys,
  type ValuesSource,
} from './values-source.ts'

/** One key of the values. */
export interface Key {
  /** `a.b`; the keys of the items of a list are `a[].b`, those of the values of a map `a.*.b`. */
  readonly path: string
  readonly fragment: Fragment
  /** Whether the shape is from a definition that several keys share. */
  readonly isShared: boolean
  /** The default; undefined for a key that chart/values.yaml does not show. */
  readonly value: unknown
  readonly text: string
  /** The `when` of the nearest block around it. */
  readonly when?: unknown
}

/** All keys, parents before their children, and what is wrong with them. */
export interface Keys {
  readonly keys: readonly Key[]
  /** The sentences of the keys of definitions: their descriptions, or what chart/values.yaml says where it first shows them. */
  readonly blockTexts: ReadonlyMap<Fragment, string>
  readonly problems: readonly string[]
}

type Place = Omit<Key, 'text'>

/** Lists all keys. Of a definition it visits only what chart/values.yaml shows. */
export function listKeys(source: ValuesSource): Keys {
  const keys: Key[] = []
  const blockTexts = new Map<Fragment, string>()
  const problems: string[] = []
  const visit = (place: Place): void => {
    const { path, fragment, isShared } = place
    const { description = '' } = fragment
    const sentence = source.sentences.get(path)
    const text = sentence || (isShared && blockTexts.get(fragment)) || description
    if (!(sentence ?? (isShared ? '.' : text)).endsWith('.')) {
      problems.push(`${path}: no sentence. Write one above it in chart/values.yaml (\`# -- …\`).`)
    }
    if (sentence && description && !isShared) {
      problems.push(`${path}: described twice. Remove the description from schema/values.`)
    }
    if (!isShared && /\[\]|\*/.test(path)) problems.push(...misplaced(fragment, path))
    if (isShared && !blockTexts.has(fragment)) blockTexts.set(fragment, description || text)
    keys.push({ ...place, text })
    for (const child of childrenOf(source, place)) visit(child)
  }
  for (const [path, fragment] of Object.entries(source.keys)) {
    const { when } = fragment
    visit({ path, fragment, isShared: false, value: source.values[path], when })
  }
  for (const [name, fragment] of Object.entries(source.definitions)) {
    problems.push(...describeBlock(fragment, name, blockTexts))
  }
  return { keys, blockTexts, problems }
}

function childrenOf(
  source: ValuesSource,
  { path, fragment, isShared, value, when }: Place,
): Place[] {
  const { $ref } = fragment
  const target = $ref === undefined ? fragment : findDefinition(source, $ref, path)
  const isBlock = isShared || target !== fragment
  const taken = takenKeys(source, target, path)
  const shown = isRecord(value) ? value : {}
  const children = Object.entries(inOrder({ ...taken, ...target.properties }, shown)).map(
    ([key, child]): Place => ({
      path: `${path}.${key}`,
      fragment: child,
      isShared: isBlock || key in taken,
      value: shown[key],
      when: child.when ?? when,
    }),
  )
  const inside = isBlock ? [] : insideOf(target, path)
  return [
    ...children.filter((child) => !child.isShared || child.value !== undefined),
    ...inside.flatMap(([at, inner]) =>
      childrenOf(source, { path: at, fragment: inner, isShared, value: undefined }),
    ),
  ]
}

/** The shapes of the items of a list and of the values of an open map. */
export function insideOf(fragment: Fragment, path: string): [string, Fragment][] {
  const { items, additionalProperties: rest } = fragment
  const inside: [string, Fragment][] = items ? [[`${path}[]`, items]] : []
  return isRecord(rest) ? [...inside, [`${path}.*`, rest]] : inside
}

/** Adds the descriptions of the keys of a definition to the texts; returns what lacks one. */
function describeBlock(fragment: Fragment, path: string, texts: Map<Fragment, string>): string[] {
  const own = Object.entries(fragment.properties ?? {}).flatMap(([key, child]) => {
    const at = `${path}.${key}`
    const text = child.description ?? texts.get(child) ?? ''
    texts.set(child, text)
    const found = text.endsWith('.')
      ? []
      : [
          `${at}: no description, and chart/values.yaml does not show it. Describe it in schema/values.`,
        ]
    return [...found, ...misplaced(child, at), ...describeBlock(child, at, texts)]
  })
  return [
    ...own,
    ...insideOf(fragment, path).flatMap(([at, inner]) => describeBlock(inner, at, texts)),
  ]
}

/** A variable has one value, so its key must have one place. */
function misplaced({ env, sets, credential, when }: Fragment, path: string): string[] {
  if ([env, sets, credential, when].every((annotation) => annotation === undefined)) return []
  return [`${path}: "env", "credential" and "when" belong to a key that has one place.`]
}
