// Places in the YAML text of a render.
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Path, Step } from '../../objects/paths.ts'
import { splitDocuments } from '../../objects/yaml.ts'
import type { Render } from '../../render/render.ts'

/** A YAML text and its lines. */
export interface YamlText {
  readonly text: string
  readonly root: unknown
  readonly lines: LineCounter
  /** The line (from 1) of the first error. */
  readonly invalidLine?: number
}

/** Reads the text. */
export function readYamlText(text: string): YamlText {
  const lines = new LineCounter()
  const { contents, errors } = parseDocument(text, { version: '1.1', lineCounter: lines })
  const [error] = errors
  return {
    ...{ text, root: contents, lines },
    ...(error ? { invalidLine: lines.linePos(error.pos[0]).line } : {}),
  }
}

/** The text from which an object was read. */
export interface ObjectDocument {
  readonly yaml: YamlText
  /** The template, e.g. `demo/templates/web/service.yaml`. */
  readonly source: string
  /** The object's node: the document's, or an item of a List. */
  readonly node: unknown
  /** The line of the render's text on which the document begins, from 1. */
  readonly firstLine: number
}

/** The document of the object `Kind/name`; undefined when none was rendered. */
export function documentOf(render: Render, object: string): ObjectDocument | undefined {
  for (const { source, text } of splitDocuments(render.text)) {
    if (!text.includes(object.slice(object.indexOf('/') + 1))) continue
    const yaml = readYamlText(text)
    const node = objectNodes(yaml.root).find((one) => nameAt(one) === object)
    if (node === undefined) continue
    const start = render.text.indexOf(text)
    const firstLine = start < 0 ? 1 : render.text.slice(0, start).split('\n').length
    return { yaml, source, node, firstLine }
  }
  return undefined
}

function objectNodes(root: unknown): unknown[] {
  const items = isMap(root) && root.get('kind') === 'List' ? root.get('items', true) : undefined
  return isSeq(items) ? items.items : [root]
}

function nameAt(node: unknown): string | undefined {
  return isMap(node) ? `${node.get('kind')}/${node.getIn(['metadata', 'name'])}` : undefined
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
