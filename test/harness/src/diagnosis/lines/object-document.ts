import { isMap, isSeq } from 'yaml'
import { splitDocuments } from '../../objects/yaml.ts'
import type { Render } from '../../render/render.ts'
import { readYamlText, type YamlText } from './yaml-nodes.ts'

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

/** The line (from 1) and the column (from 0) of an offset into the document. */
export function placeInDocument(
  { yaml }: ObjectDocument,
  offset: number,
): { readonly line: number; readonly column: number } {
  const { line, col } = yaml.lines.linePos(offset)
  return { line, column: col - 1 }
}

function objectNodes(root: unknown): unknown[] {
  const items = isMap(root) && root.get('kind') === 'List' ? root.get('items', true) : undefined
  return isSeq(items) ? items.items : [root]
}

function nameAt(node: unknown): string | undefined {
  return isMap(node) ? `${node.get('kind')}/${node.getIn(['metadata', 'name'])}` : undefined
}
