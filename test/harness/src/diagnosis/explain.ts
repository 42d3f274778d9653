import type { Render } from '../render/render.ts'
import { type ExcerptLine, linesAround } from './excerpt.ts'
import { findField } from './lines/field-path.ts'
import { documentOf, placeInDocument } from './lines/object-document.ts'
import { type TemplateTrace, traceTemplate } from './lines/template-lines.ts'
import { findPlace } from './lines/yaml-nodes.ts'
import { isSecretField, maskCommand, masked, maskSecrets } from './mask.ts'
import { objectOf, type Subject } from './observe.ts'
import { originOf } from './origin.ts'
import { findValues } from './value-evidence.ts'
import type { ValueSource } from './values-layers.ts'

/** Where something in a render comes from. */
export interface Explanation {
  /** `Kind/name`. */
  readonly object: string
  readonly path?: string
  /** What stands there; masked in a Secret, undefined when nothing does. */
  readonly actual?: unknown
  /** The rendered lines around it, or around what comes nearest to it. */
  readonly excerpt: readonly ExcerptLine[]
  readonly template?: TemplateTrace
  /** Where the values were set that make it what it is; empty when none was found. */
  readonly values: readonly ValueSource[]
  /** The command that renders it, without secrets. */
  readonly command: string
}

/**
 * Explains a field (`spec.replicas`) of the object `Kind/name`, or the object. Renders the chart again:
 * once with marks in its templates, and with other values until one shows that it matters.
 */
export async function explain(render: Render, object: string, path?: string): Promise<Explanation> {
  const subject = { object, ...(path === undefined ? {} : { path }) }
  const origin = originOf(render)
  const [values, described] = await Promise.all([
    origin ? findValues(origin, render, subject) : [],
    describe(render, subject),
  ])
  const command = maskCommand(render.command, origin?.request.values)
  return { ...subject, ...described, values, command }
}

type Description = Pick<Explanation, 'actual' | 'excerpt' | 'template'>

async function describe(render: Render, { object, path = '' }: Subject): Promise<Description> {
  const document = documentOf(render, object)
  if (!document) return { excerpt: [] }
  const { steps, isThere, value } = findField(objectOf(render, object), path)
  const place = findPlace(document.node, steps)
  const { line } = placeInDocument(document, place.start)
  const excerpt = linesAround(maskSecrets(document), line).map((shown) => ({
    ...shown,
    number: shown.number + document.firstLine - 1,
  }))
  const origin = originOf(render)
  const template = origin && (await traceTemplate(origin, render.text, document, steps))
  const actual = isSecretField(object, path) ? masked : value
  return {
    excerpt,
    ...(isThere && path !== '' ? { actual } : {}),
    ...(template ? { template } : {}),
  }
}
