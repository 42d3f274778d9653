import { formatPath, type Path } from '../objects/paths.ts'
import type { Schema, SchemaNode } from './schema.ts'

/** One key of the values: a leaf, or a map or list with what is in it. */
export interface ValuesKey {
  /** Where it is; `*` is any key of a map, 0 any item of a list. */
  readonly path: Path
  /** E.g. `web.tolerations[].key` or `commonLabels.*`. */
  readonly name: string
  readonly node: SchemaNode
  readonly isLeaf: boolean
  /** What the schema says about the root, the first step, … and the key's parent. */
  readonly parents: readonly SchemaNode[]
}

/** Any key of an open map, in the path of a `ValuesKey`. */
export const anyKey = '*'

// A schema may refer to itself; real values are never nested deeper.
const deepest = 16

/** Every key that the schema knows, parents before their children. */
export function listKeys(
  root: SchemaNode,
  read: (schemas: readonly Schema[]) => SchemaNode,
): ValuesKey[] {
  const keys: ValuesKey[] = []
  const visit = (node: SchemaNode, path: Path, parents: readonly SchemaNode[]): void => {
    const isAgain = parents.includes(node) || path.length >= deepest
    const children = isAgain ? [] : childrenOf(node)
    if (path.length > 0) keys.push(...keyAt(node, path, parents, children.length === 0))
    for (const [step, schemas] of children) {
      visit(read(schemas), [...path, step], [...parents, node])
    }
    for (const branch of isAgain ? [] : node.branches) visit(read([branch]), path, parents)
  }
  visit(root, [], [])
  return distinct(keys)
}

type Child = readonly [step: string | number, schemas: readonly Schema[]]

function childrenOf(node: SchemaNode): Child[] {
  const named = node.types.has('object') ? [...node.properties] : []
  const open =
    node.types.has('object') && typeof node.additional !== 'boolean'
      ? [[anyKey, [node.additional]] as const]
      : []
  const items =
    node.types.has('array') && node.items !== undefined && node.items !== true
      ? [[0, [node.items]] as const]
      : []
  return [...named, ...open, ...items]
}

const scalars = ['string', 'number', 'integer', 'boolean'] as const

// A place may take a scalar or a map: then it is a leaf that has children.
function keyAt(
  node: SchemaNode,
  path: Path,
  parents: readonly SchemaNode[],
  isEnd: boolean,
): ValuesKey[] {
  if (node.allowed?.length === 0) return []
  const isLeaf =
    node.branches.length === 0 && (isEnd || scalars.some((type) => node.types.has(type)))
  return [{ path, name: nameOf(path), node, isLeaf, parents }]
}

/** The name of the key at such a path. */
export function nameOf(path: Path): string {
  return formatPath(path).replaceAll('[0]', '[]').replaceAll('"*"', anyKey)
}

function distinct(keys: readonly ValuesKey[]): ValuesKey[] {
  const byName = new Map<string, ValuesKey>()
  for (const key of keys) {
    const other = byName.get(key.name)
    if (!other || (key.isLeaf && !other.isLeaf)) byName.set(key.name, key)
  }
  return [...byName.values()]
}
