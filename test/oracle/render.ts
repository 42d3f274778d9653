// Renders recorded requests in bulk and masks what follows from hashes. Outcomes are kept in the cache, by the contents
// of the chart, so that the old chart is rendered once.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  type Chart,
  cacheRoot,
  checkValuesSchema,
  createChart,
  type HelmFailure,
  isRecord,
  type Manifest,
  ManifestError,
  mergeDefaults,
  mergeFiles,
  type Outcome,
  parseYaml,
  type RenderRequest,
} from 'chart-harness'
import type { OracleRequest } from './requests.ts'

/** What became of one request. */
export interface Answer {
  readonly refused?: Refusal
  /** Hashes of the masked objects, by `Kind namespace/name`. */
  readonly objects?: Readonly<Record<string, string>>
  readonly notes?: string
  /** The hashes that were masked, by `Kind component key`. */
  readonly hashes?: Readonly<Record<string, string>>
}

/** How the chart refused. `broken` means that a template panicked or gave no YAML. */
export interface Refusal {
  readonly by: 'schema' | 'rule' | 'broken'
  readonly lines: readonly string[]
}

/** A chart's answers, by the requests' ids, and the JSON of the masked objects, by their hashes. */
export interface Answers {
  readonly answers: Record<string, Answer>
  readonly objects: Record<string, string>
}

const perBatch = 400
// Part of the answers' names: to be raised when this file masks other things.
const version = 1
const cacheDir = join(cacheRoot('mastodon-chart'), 'oracle')

/** What renders: a chart's folder, one Helm, and what else the answers depend on. */
export interface Side {
  readonly chart: string
  readonly helm: 3 | 4
  readonly variant?: string
}

/** Renders all requests with this chart, or takes what is known of the same chart. */
export async function renderAnswers(
  { chart: chartPath, helm, variant = '{}' }: Side,
  requests: readonly OracleRequest[],
  tell: (line: string) => void,
): Promise<Answers> {
  const kept = openKept(chartPath, helm, variant)
  const missing = requests.filter(({ id }) => kept.known.answers[id] === undefined)
  if (missing.length === 0) return kept.known
  const context = contextOf(chartPath, helm)
  const open = missing.filter((request) => {
    const refused = schemaRefusal(context, request)
    if (refused) kept.known.answers[request.id] = { refused }
    return !refused
  })
  if (open.length === 0) kept.write()
  const started = performance.now()
  let done = 0
  for (const batch of batchesOf(open)) {
    await Promise.all(
      batch.map(async (request) => {
        kept.known.answers[request.id] = await answer(context, request, kept.known.objects)
      }),
    )
    done += batch.length
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    tell(`Helm ${helm}, ${chartPath}: ${done} of ${open.length} rendered, ${seconds} s`)
    kept.write()
  }
  return kept.known
}

// Requests that differ in values alone share a process; one that is refused ends it, so these come apart.
function batchesOf(requests: readonly OracleRequest[]): OracleRequest[][] {
  const key = ({ isRefused, kube, apis }: OracleRequest): string =>
    JSON.stringify([isRefused ?? false, kube, apis])
  const sorted = [...requests].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  return Array.from({ length: Math.ceil(sorted.length / perBatch) }, (_, index) =>
    sorted.slice(index * perBatch, (index + 1) * perBatch),
  )
}

interface Context {
  readonly chart: Chart
  readonly helm: 3 | 4
  readonly defaults: Record<string, unknown>
  readonly programs: ReadonlyMap<string, string>
}

function contextOf(path: string, helm: 3 | 4): Context {
  const defaults = parseYaml(readFileSync(join(path, 'values.yaml'), 'utf8')) ?? {}
  return {
    chart: createChart({ path, cacheDir: join(cacheDir, 'renders') }),
    helm,
    defaults: isRecord(defaults) ? defaults : {},
    programs: programsOf(path),
  }
}

/** The texts of the programs in chart/files, by their names, the longest first. */
export function programsOf(chart: string): ReadonlyMap<string, string> {
  const dir = join(chart, 'files')
  const programs = listFiles(dir)
    .filter((file) => !file.endsWith('.yaml'))
    .map((file) => [join('files', relative(dir, file)), readFileSync(file, 'utf8').trim()] as const)
  return new Map(programs.sort(([, a], [, b]) => b.length - a.length))
}

/** The user's values of a request. */
export function valuesOf({ files = [], values }: OracleRequest): Record<string, unknown> {
  const read = files.map((text) => parseYaml(text))
  return mergeFiles([...read, values].filter(isRecord))
}

// By ajv, which the sentinel suite holds to Helm's own check. Helm would compile the schema for each request.
function schemaRefusal(context: Context, request: OracleRequest): Refusal | undefined {
  const { chart, helm, defaults } = context
  const { values } = mergeDefaults(defaults, valuesOf(request), helm)
  const lines = checkValuesSchema(chart, values).map(
    ({ path, message }) => `${path || '(root)'}: ${message}`,
  )
  return lines.length > 0 ? { by: 'schema', lines } : undefined
}

async function answer(
  context: Context,
  request: OracleRequest,
  objects: Record<string, string>,
): Promise<Answer> {
  const outcome = await render(context, request)
  if (!('render' in outcome) || !outcome.render) return { refused: refusalOf(outcome.failure) }
  const masked = mask(outcome.render.objects, context.programs)
  const named = masked.objects.map(({ name, text }) => {
    const hash = hashOf(text)
    objects[hash] = text
    return [name, hash] as const
  })
  return {
    objects: Object.fromEntries(named),
    notes: masked.mask(outcome.render.notes),
    hashes: masked.hashes,
  }
}

type Rendered = Outcome | { readonly failure: Pick<HelmFailure, 'kind' | 'lines'> }

// Files come as values: requests that differ in files would need a process each.
async function render(context: Context, request: OracleRequest): Promise<Rendered> {
  const { release, namespace, kube, apis, isUpgrade } = request
  const options: RenderRequest = {
    ...{ helm: context.helm, release, namespace, schema: 'skip', showNotes: true },
    ...{ keep: false, quick: true },
    values: valuesOf(request),
    ...(kube ? { kube } : {}),
    ...(apis ? { apis } : {}),
    ...(isUpgrade ? { isUpgrade } : {}),
  }
  try {
    const [outcome] = await context.chart.renderAll([options])
    if (outcome) return outcome
    throw new Error(`request ${request.id} was not answered`)
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    return { failure: { kind: 'yaml', lines: error.message.split('\n') } }
  }
}

function refusalOf(failure: Pick<HelmFailure, 'kind' | 'lines'> | undefined): Refusal {
  const { kind = 'usage', lines = [] } = failure ?? {}
  const isClean = (kind === 'fail' && lines.length > 0) || kind === 'usage'
  return { by: isClean ? 'rule' : 'broken', lines }
}

interface Masked {
  readonly objects: readonly { readonly name: string; readonly text: string }[]
  readonly hashes: Readonly<Record<string, string>>
  readonly mask: (text: string) => string
}

/** Jobs whose names end in a hash of their pod template. */
const hashedJobs: ReadonlySet<unknown> = new Set([
  ...['migrate', 'post-migrate', 'admin', 'import-database'],
])

function mask(manifests: readonly Manifest[], programs: ReadonlyMap<string, string>): Masked {
  const hashes: Record<string, string> = {}
  const names = new Map<string, string>()
  for (const { kind, metadata } of manifests) {
    const [, base, hash] = /^(.+)-([0-9a-f]{8})$/.exec(metadata.name) ?? []
    const component = componentOf({ metadata })
    if (kind !== 'Job' || !hash || !hashedJobs.has(component)) continue
    names.set(metadata.name, `${base}-<hash>`)
    hashes[`Job ${component} metadata.name`] = hash
  }
  const maskNames = (text: string): string =>
    [...names].reduce((masked, [name, replaced]) => masked.replaceAll(name, replaced), text)
  const objects = manifests.map((manifest) => {
    const shown = JSON.stringify(manifest, (key, value: unknown) => {
      if (key === 'annotations' && isRecord(value)) return maskChecksums(value, manifest, hashes)
      if (typeof value === 'string' && value.includes('\n')) return maskPrograms(value, programs)
      return value
    })
    return { name: maskNames(identityOf(manifest)), text: maskNames(shown) }
  })
  return { objects, hashes, mask: maskNames }
}

function maskChecksums(
  annotations: Record<string, unknown>,
  manifest: Manifest,
  hashes: Record<string, string>,
): Record<string, unknown> {
  const entries = Object.entries(annotations).map(([key, value]) => {
    if (!key.startsWith('checksum/') || !/^[0-9a-f]{64}$/.test(String(value))) return [key, value]
    hashes[`${manifest.kind} ${componentOf(manifest)} ${key}`] = String(value)
    return [key, '<hash>']
  })
  return Object.fromEntries(entries)
}

/** The text with the name of a program of the chart in place of the program: test/files looks at these. */
function maskPrograms(text: string, programs: ReadonlyMap<string, string>): string {
  return [...programs].reduce(
    (masked, [name, program]) => masked.replaceAll(program, `<chart/${name}>`),
    text,
  )
}

/** The component of an object, by its label. */
function componentOf({ metadata }: Pick<Manifest, 'metadata'>): string {
  return metadata.labels?.['app.kubernetes.io/component'] ?? '-'
}

function identityOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`
}

interface Kept {
  readonly known: Answers
  write(): void
}

function openKept(chartPath: string, helm: 3 | 4, variant: string): Kept {
  const files = listFiles(chartPath).map((file) => [
    relative(chartPath, file),
    readFileSync(file, 'base64'),
  ])
  const file = join(cacheDir, `${hashOf(JSON.stringify([version, helm, variant, files]))}.json.gz`)
  const known = readKept(file)
  return {
    known,
    write: () => {
      mkdirSync(cacheDir, { recursive: true })
      const others = readKept(file) // another run may have written meanwhile
      Object.assign(known.answers, { ...others.answers, ...known.answers })
      Object.assign(known.objects, others.objects)
      const temporary = `${file}.${process.pid}`
      writeFileSync(temporary, gzipSync(JSON.stringify(known), { level: 1 }))
      renameSync(temporary, file)
    },
  }
}

function readKept(file: string): Answers {
  if (!statSync(file, { throwIfNoEntry: false })) return { answers: {}, objects: {} }
  return JSON.parse(gunzipSync(readFileSync(file)).toString()) as Answers
}

function listFiles(dir: string): string[] {
  if (!statSync(dir, { throwIfNoEntry: false })) return []
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((file) => statSync(file).isFile())
    .sort()
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
