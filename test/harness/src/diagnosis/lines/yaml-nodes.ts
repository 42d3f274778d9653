import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Path, Step } from '../../values/paths.ts'

/** A YAML text whose places can be told. */
export interface YamlText {
  readonly text: string
  readonly root: unknown
  readonly lines: LineCounter
}

/** Reads the text for its places only; what is wrong with it others have said. */
export function readYamlText(text: string): YamlText {
  const lines = new LineCounter()
  return { text, root: parseDocument(text, { version: '1.1', lineCounter: lines }).contents, lines }
}

/** A node of a YAML text. */
export interface YamlPlace {
  readonly node: unknown
  /** Offsets into the text: of the key (or list item), and of its value. */
  readonly start: number
  readonly valueStart: number
}

/** The place of the steps, or of as many as there are. */
export function findPlace(root: unknown, steps: Path): YamlPlace {
  let place: YamlPlace = { node: root, start: startOf(root), valueStart: startOf(root) }
  for (const step of steps) {
    const child = childOf(place.node, step)
    if (!child) return place
    place = child
  }
  return place
}

/** Whether a single value stands there, not a map or a list. */
export function isLeaf({ node }: YamlPlace): boolean {
  return isScalar(node)
}

/** The line of an offset, from 1. */
export function lineOf({ lines }: YamlText, offset: number): number {
  return lines.linePos(offset).line
}

function childOf(node: unknown, step: Step): YamlPlace | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(step)]
    return item === undefined
      ? undefined
      : { node: item, start: startOf(item), valueStart: startOf(item) }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step)
  if (!pair) return undefined
  const start = startOf(pair.key)
  return { node: pair.value, start, valueStart: startOf(pair.value, start) }
}

function startOf(node: unknown, fallback = 0): number {
  return isNode(node) ? (node.range?.[0] ?? fallback) : fallback
}
