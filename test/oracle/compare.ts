// Compares what an old and a new chart render for every recorded request (requests.jsonl.gz), object by object.
//
//   npx tsx test/oracle/compare.ts --old /path/to/old/chart --new ./chart [--helm 3] [--sample 300] [--only TEXT] [--json FILE]
//   npx tsx test/oracle/compare.ts --old … --new … --show ID      one request: its values and its full diff
//
// --helm 3|4    with one Helm instead of both
// --sample N    about N requests, always the same: all examples among them
// --only TEXT   requests whose id or source contains TEXT: `examples`, `fuzz`, `cover:values`, `test/chart/web`
// --notes       prints the lines of NOTES.txt and of refusals that differ, grouped
// --limit N     how many groups are printed (60)
//
// Exit code 1 when anything differs that allowances.ts does not name. Answers are kept in ~/.cache/mastodon-chart/oracle by
// the contents of the chart, so only a changed chart is rendered. Run it from a frozen copy of the harness, so that a change
// of the harness cannot hide a change of the chart.
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isRecord } from 'chart-harness'
import '../rules/project.ts'
import { allowances, renamedKeys } from './allowances.ts'
import { type Difference, diffObjects } from './diff.ts'
import {
  type Answer,
  type Answers,
  programsOf,
  type Refusal,
  renderAnswers,
  valuesOf,
} from './render.ts'
import { type OracleRequest, readRequests, sampleOf } from './requests.ts'

const { values: args } = parseArgs({
  options: {
    old: { type: 'string' },
    new: { type: 'string', default: 'chart' },
    helm: { type: 'string' },
    sample: { type: 'string' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
    show: { type: 'string' },
    notes: { type: 'boolean', default: false },
    limit: { type: 'string', default: '60' },
  },
})

/** Differences that are one: the same place in objects of the same kind. */
interface Group {
  /** The allowance, or empty. */
  readonly allowed: string
  readonly place: string
  readonly example: string
  readonly before?: unknown
  readonly after?: unknown
  count: number
}

class Report {
  readonly groups = new Map<string, Group>()
  readonly totals: Record<string, number> = {}

  count(name: string, by = 1): void {
    this.totals[name] = (this.totals[name] ?? 0) + by
  }

  add(group: Omit<Group, 'count'>): void {
    const key = `${group.allowed}\n${group.place}`
    const known = this.groups.get(key)
    if (known) known.count++
    else this.groups.set(key, { ...group, count: 1 })
  }
}

const messages = 'wording of messages'
const report = new Report()

async function main(): Promise<void> {
  if (!args.old) throw new Error('--old: name the folder of the old chart')
  const [old, fresh] = [resolve(args.old), resolve(args.new)]
  const helms = args.helm === undefined ? ([4, 3] as const) : [args.helm === '3' ? 3 : 4]
  const requests = chosen()
  const tell = (line: string): void => console.error(line)
  const variant = JSON.stringify(renamedKeys)
  for (const helm of helms as readonly (3 | 4)[]) {
    const before = await renderAnswers({ chart: old, helm }, requests, tell)
    const after = await renderAnswers({ chart: fresh, helm, variant }, requests.map(renamed), tell)
    const comparison = new Comparison(helm, before, after)
    for (const request of requests) comparison.compare(request)
    comparison.compareHashes()
    if (args.show) for (const request of requests) comparison.show(request)
  }
  if (args.show) return
  print(requests.length)
  const [one, other] = [programsOf(old), programsOf(fresh)]
  const programs = [...other.keys()].filter((name) => one.get(name) !== other.get(name))
  console.log(`programs that differ, which test/files judges: ${programs.join(', ') || 'none'}`)
}

function chosen(): OracleRequest[] {
  const all = readRequests()
  const { show, only, sample } = args
  const some = all.filter(({ id, from }) => {
    if (show) return id.startsWith(show)
    return id.includes(only) || from.some((source) => source.includes(only))
  })
  if (some.length === 0) throw new Error('no request has such an id or source')
  return sample ? sampleOf(some, Number(sample)) : some
}

/** The request with the new names of keys. */
function renamed(request: OracleRequest): OracleRequest {
  const names = Object.entries(renamedKeys)
  if (names.length === 0) return request
  const values = structuredClone(valuesOf(request))
  for (const [from, to] of names) {
    const taken = take(values, from.split('.'))
    if (taken !== undefined) put(values, to.split('.'), taken)
  }
  const { files: _, ...rest } = request
  return { ...rest, values }
}

function take(map: Record<string, unknown>, [key = '', ...rest]: readonly string[]): unknown {
  const value = map[key]
  if (rest.length > 0) return isRecord(value) ? take(value, rest) : undefined
  delete map[key]
  return value
}

function put(
  map: Record<string, unknown>,
  [key = '', ...rest]: readonly string[],
  value: unknown,
): void {
  if (rest.length === 0) {
    map[key] = value
    return
  }
  const below = map[key]
  const next = isRecord(below) ? below : {}
  map[key] = next
  put(next, rest, value)
}

/** Everything about one Helm. */
class Comparison {
  readonly helm: 3 | 4
  readonly before: Answers
  readonly after: Answers
  readonly #diffs = new Map<string, Difference[]>()
  /** By scope: the new hashes of each old one, and the other way round. */
  readonly #hashes = new Map<string, Map<string, { hash: string; id: string }>>()

  constructor(helm: 3 | 4, before: Answers, after: Answers) {
    this.helm = helm
    this.before = before
    this.after = after
  }

  compare(request: OracleRequest): void {
    const old = this.#answer(this.before, request)
    const fresh = this.#answer(this.after, request)
    report.count(`requests compared with Helm ${this.helm}`)
    if (old.refused || fresh.refused) {
      this.#compareRefusals(request, old, fresh)
      return
    }
    report.count('rendered by both')
    this.#compareNotes(request, old, fresh)
    this.#noteHashes(request, old, fresh)
    for (const { differences, name } of this.#differencesOf(old, fresh)) {
      for (const difference of differences) this.#add(request, name, difference)
    }
  }

  #answer({ answers }: Answers, { id }: OracleRequest): Answer {
    const answer = answers[id]
    if (!answer) throw new Error(`request ${id} was not rendered`)
    return answer
  }

  *#differencesOf(
    old: Answer,
    fresh: Answer,
  ): Generator<{ name: string; differences: Difference[] }> {
    const [before, after] = [old.objects ?? {}, fresh.objects ?? {}]
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const [one, other] = [before[name], after[name]]
      if (one === other) continue
      const key = `${one} ${other}`
      const differences =
        this.#diffs.get(key) ??
        diffObjects(
          one === undefined ? undefined : this.before.objects[one],
          other === undefined ? undefined : this.after.objects[other],
        )
      this.#diffs.set(key, differences)
      yield { name, differences }
    }
  }

  #add(request: OracleRequest, name: string, difference: Difference): void {
    const { kind, component, path, type, before, after } = difference
    const allowance = allowances.find(({ allows }) => allows(difference, valuesOf(request)))
    report.add({
      allowed: allowance?.name ?? '',
      place: `${kind} ${component}: ${path} ${type}`,
      example: `${request.id} (${name}, Helm ${this.helm})`,
      before,
      after,
    })
  }

  #compareRefusals(request: OracleRequest, old: Answer, fresh: Answer): void {
    const [before, after] = [describe(old), describe(fresh)]
    const example = `${request.id} (Helm ${this.helm})`
    const isBreaking = fresh.refused?.by === 'broken' && old.refused?.by !== 'broken'
    if (!old.refused || !fresh.refused || isBreaking) {
      const [line = ''] = [...after.lines, ...before.lines].filter((text) =>
        /^[\w.[\]-]+:/.test(text),
      )
      const place = `outcome: ${before.what} -> ${after.what}: ${masked(line)}`
      report.add({ allowed: '', place, example, before: before.lines, after: after.lines })
      return
    }
    report.count(`refused by both: ${before.what} -> ${after.what}`)
    if (JSON.stringify(before.lines) === JSON.stringify(after.lines)) return
    const [oldKeys, newKeys] = [keysIn(old.refused), keysIn(fresh.refused)]
    report.count(oldKeys === newKeys ? 'refusals in other words' : 'refusals that name other keys')
    const place = `refusal: ${masked(before.lines.join(' | '))} -> ${masked(after.lines.join(' | '))}`
    report.add({ allowed: messages, place, example })
  }

  #compareNotes(request: OracleRequest, old: Answer, fresh: Answer): void {
    if (old.notes === fresh.notes) return
    report.count('renders with other notes')
    const [before, after] = [old.notes ?? '', fresh.notes ?? ''].map((text) => text.split('\n'))
    const removed = before?.filter((line) => !after?.includes(line)) ?? []
    const added = after?.filter((line) => !before?.includes(line)) ?? []
    const place = `notes: ${masked(removed.join(' | '))} -> ${masked(added.join(' | '))}`
    report.add({ allowed: messages, place, example: `${request.id} (Helm ${this.helm})` })
  }

  #noteHashes(request: OracleRequest, old: Answer, fresh: Answer): void {
    const [before, after] = [old.hashes ?? {}, fresh.hashes ?? {}]
    for (const [scope, hash] of Object.entries(before)) {
      const other = after[scope]
      if (other === undefined) continue // the object differs, too
      if (hash !== other) report.count('hashes that differ')
      const what = scope.endsWith('metadata.name') ? this.#hashedJob(scope, request, old) : hash
      this.#noteHash(`${scope}: differs where the old one is equal`, hash, other, request.id)
      this.#noteHash(`${scope}: is equal where the old one differs`, other, what, request.id)
    }
  }

  // The old name's hash is one of text, which may differ in comments and order.
  #hashedJob(scope: string, request: OracleRequest, old: Answer): string {
    const component = scope.split(' ')[1] ?? ''
    const label = `"app.kubernetes.io/component":"${component}"`
    const texts = Object.entries(old.objects ?? {})
      .filter(([name]) => name.startsWith('Job '))
      .map(([, hash]) => this.before.objects[hash] ?? '')
    const job: unknown = JSON.parse(texts.find((text) => text.includes(label)) ?? '{}')
    const template = isRecord(job) && isRecord(job.spec) ? job.spec.template : undefined
    const checksums = Object.entries(old.hashes ?? {}).filter(
      ([key]) => key.startsWith(`Job ${component} `) && key !== scope,
    )
    const { jobs } = valuesOf(request)
    const camel = component.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
    const own = isRecord(jobs) ? jobs[camel] : undefined
    return JSON.stringify([template, checksums, isRecord(own) ? (own.generation ?? 0) : 0])
  }

  #noteHash(scope: string, from: string, to: string, id: string): void {
    const seen = this.#hashes.get(scope) ?? new Map<string, { hash: string; id: string }>()
    this.#hashes.set(scope, seen)
    const known = seen.get(from)
    if (!known) seen.set(from, { hash: to, id })
    else if (known.hash !== to) {
      const example = `${known.id} and ${id} (Helm ${this.helm})`
      this.#conflicts.push({ place: `hash of ${scope}`, example })
    }
  }

  readonly #conflicts: { place: string; example: string }[] = []

  /** Old and new hashes must tell the same renders apart: otherwise pods restart more often, or too rarely. */
  compareHashes(): void {
    for (const conflict of this.#conflicts) report.add({ allowed: '', ...conflict })
  }

  show(request: OracleRequest): void {
    const { files, values, ...rest } = request
    console.log(`\n=== ${request.id}, Helm ${this.helm}: ${JSON.stringify(rest)}`)
    for (const file of files ?? []) console.log(`--- values file\n${file}`)
    if (values) console.log(`--- values\n${JSON.stringify(values, null, 2)}`)
    const old = this.#answer(this.before, request)
    const fresh = this.#answer(this.after, request)
    for (const [title, { refused }] of [
      ['old', old],
      ['new', fresh],
    ] as const) {
      console.log(
        refused
          ? `--- ${title}: refused by ${refused.by}\n${refused.lines.join('\n')}`
          : `--- ${title}: renders`,
      )
    }
    if (old.refused || fresh.refused) return
    for (const { name, differences } of this.#differencesOf(old, fresh)) {
      console.log(`\n${name}`)
      for (const { path, type, before, after } of differences) {
        console.log(`  ${path} ${type}\n    - ${shown(before, 2000)}\n    + ${shown(after, 2000)}`)
      }
    }
    if (old.notes !== fresh.notes)
      console.log(`\nold notes\n${old.notes}\n\nnew notes\n${fresh.notes}`)
  }
}

function describe({ refused }: Answer): { what: string; lines: readonly string[] } {
  return refused ? { what: refused.by, lines: refused.lines } : { what: 'renders', lines: [] }
}

/** The keys with which the lines of a refusal begin. */
function keysIn({ lines }: Refusal): string {
  const keys = lines.map((line) => /^[\w.[\]-]+(?=:)/.exec(line)?.[0]).filter(Boolean)
  return [...new Set(keys)].sort().join(', ')
}

function masked(text: string): string {
  return text
    .replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, '…')
    .replaceAll(/\d+/g, '0')
    .slice(0, 300)
}

function shown(value: unknown, length: number): string {
  return (JSON.stringify(value) ?? 'absent').slice(0, length)
}

function print(count: number): void {
  const groups = [...report.groups.values()].sort((a, b) => b.count - a.count)
  const wrong = groups.filter(({ allowed }) => allowed === '')
  const limit = Number(args.limit)
  const printed = collapsed(wrong).sort((a, b) => b.count - a.count)
  for (const group of printed.slice(0, limit)) printGroup(group)
  if (printed.length > limit) console.log(`... and ${printed.length - limit} more (--limit)`)
  if (args.notes) {
    for (const group of groups.filter(({ allowed }) => allowed === messages).slice(0, limit)) {
      printGroup(group)
    }
  }
  console.log(`\n${count} requests`)
  for (const [name, total] of Object.entries(report.totals)) console.log(`  ${total} ${name}`)
  console.log('allowed differences')
  for (const { name, reason } of allowances) {
    const places = groups.filter(({ allowed }) => allowed === name)
    const kinds = [...new Set(places.map(({ place }) => place.split(' ')[0]))].join(', ')
    console.log(`  ${sum(places)} ${name}${kinds ? ` (${kinds})` : ''}: ${reason}`)
  }
  const texts = groups.filter(({ allowed }) => allowed === messages)
  console.log(`  ${sum(texts)} ${messages}, in ${texts.length} ways: better English (--notes)`)
  console.log(`NOT ALLOWED: ${sum(wrong)} differences in ${wrong.length} groups`)
  if (args.json) {
    const { totals } = report
    writeFileSync(args.json, `${JSON.stringify({ requests: count, totals, groups }, null, 2)}\n`)
  }
  if (wrong.length > 0) process.exitCode = 1
}

/** Groups that differ in nothing but the objects, say of a label of all objects, are printed as one. */
function collapsed(groups: readonly Group[]): Group[] {
  const found = new Map<string, Group[]>()
  for (const group of groups) {
    const key = group.place.slice(group.place.indexOf(': '))
    found.set(key, [...(found.get(key) ?? []), group])
  }
  return [...found].flatMap(([key, same]) => {
    const [first] = same
    if (!first || same.length < 4) return same
    const objects = same.map(({ place }) => place.slice(0, place.indexOf(': ')))
    const some = `${objects.slice(0, 3).join(', ')} and ${objects.length - 3} more`
    return [{ ...first, place: `${some}${key}`, count: sum(same) }]
  })
}

function printGroup({ count, place, example, before, after }: Group): void {
  console.log(`${String(count).padStart(6)} ${place}\n         e.g. ${example}`)
  if (before === undefined && after === undefined) return
  console.log(`         - ${shown(before, 160)}\n         + ${shown(after, 160)}`)
}

function sum(groups: readonly Group[]): number {
  return groups.reduce((total, { count }) => total + count, 0)
}

await main()
