import { objectOf } from '../objects/manifests.ts'
import { findField } from '../objects/paths.ts'
import { originOf, type Render } from '../render/render.ts'
import { type ExcerptLine, linesAround } from './format.ts'
import { documentOf, findPlace, lineOf } from './lines/documents.ts'
import { type TemplateTrace, traceTemplate } from './lines/template-lines.ts'
import { isSecretField, maskCommand, masked, maskSecrets } from './mask.ts'
import { findValues, type Subject } from './value-evidence.ts'
import type { ValueSource } from './values-layers.ts'

/** Where something in a render comes from. */
export interface Explanation {
  /** `Kind/name`. */
  readonly object: string
  readonly path?: string
  /** What is there; masked in a Secret, undefined when nothing is. */
  readonly actual?: unknown
  /** The rendered lines around it, or around what comes nearest to it. */
  readonly excerpt: readonly ExcerptLine[]
  readonly template?: TemplateTrace
  /** Where the values were set that make it what it is; empty when none was found. */
  readonly values: readonly ValueSource[]
  /** The command that renders it, without secrets. */
  readonly command: string
}

/** What a reporter learns about a failure: plain data that goes from a worker to the main process. */
export interface ReportedExplanation
  extends Partial<Pick<Explanation, 'object' | 'path' | 'template'>>,
    Pick<Explanation, 'values' | 'command'> {
  /** What failed. */
  readonly message: string
}

/**
 * Explains a field (`spec.replicas`) of the object `Kind/name`, or the object. Renders the chart again:
 * once with marks in its templates, and with other values until one turns out to matter.
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
  const { steps, isThere, value } = findField(objectOf(render.objects, object), path)
  const line = lineOf(document.yaml, findPlace(document.node, steps).start)
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

// A look-up or a matcher fails at once, but explaining takes renders. So it only says how; when the test is over and
// has failed, the hook in setup.ts asks for the explanations.
const mostWaiting = 50
const waiting = new Map<string, () => Promise<readonly Explanation[]>>()

/** Says how a failure with this message is explained. */
export function explainLater(message: string, render: Render, subjects: readonly Subject[]): void {
  // A test may expect failures by the thousand.
  if (waiting.size >= mostWaiting) forgetExplanations()
  waiting.set(message, () =>
    Promise.all(subjects.map(({ object, path }) => explain(render, object, path))),
  )
}

/** The explanations of the failure with this message. */
export async function explanationsOf(message: string): Promise<readonly Explanation[]> {
  const known = [...waiting].find(([key]) => message.includes(key))
  return known ? await known[1]() : []
}

/** Forgets everything that waits to be explained. */
export function forgetExplanations(): void {
  waiting.clear()
}
