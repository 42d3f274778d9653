// Usage: npm run images -- [--refresh] [--file FILE] [--registry URL]
// Says of each image that the chart pins whether a newer release of its line exists: PostgreSQL 17, Valkey 8.1, Mastodon 4.7.
// Exit code 1 if one is behind, or if that is not known. It reads .github/image-tags.yaml, so it needs no network; --refresh writes that file
// again from what the registries list (with --registry, from a mirror).
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isRecord, parseYaml, YamlError } from 'chart-harness'
import { pins } from '../test/rules/pins.ts'
import { root } from '../test/rules/project.ts'
import { type Call, fail, readArgs, runScript } from './lib/cli.ts'
import { listTags } from './lib/image-registry.ts'
import { judgeTag, tagsFrom } from './lib/image-tags.ts'

const known = '.github/image-tags.yaml'
const oldest = 30
const day = 24 * 60 * 60 * 1000
const remedy = 'Run npm run images -- --refresh.'

/** What `npm run images` does. */
export async function main({ args, cwd, print }: Call): Promise<number> {
  const { values } = readArgs(import.meta, args, {
    options: {
      refresh: { type: 'boolean', default: false },
      file: { type: 'string' },
      registry: { type: 'string' },
    },
  })
  const file = values.file === undefined ? join(root, known) : resolve(cwd, values.file)
  if (values.refresh) {
    writeFileSync(file, await readRegistries(values.registry))
    print(`wrote ${values.file ?? known}`)
    return 0
  }
  const { read, tags } = readTags(file, values.file ?? known)
  const judged = pins.map((pin) => ({ ...pin, ...judgeTag(pin.tag, tags.get(pin.image) ?? []) }))
  for (const { path, image, tag, verdict } of judged) print(`${path}: ${image}:${tag} ${verdict}`)
  const age = Math.floor((Date.now() - Date.parse(read)) / day)
  if (age > oldest)
    fail(
      `images: ${values.file ?? known} is of ${read}, ${age} days ago: newer releases may exist. ${remedy}`,
    )
  return judged.every(({ isCurrent }) => isCurrent) ? 0 : 1
}

/** The file's text from what the registries list now. */
async function readRegistries(registry: string | undefined): Promise<string> {
  const lines = []
  for (const { image, tag } of pins) {
    const tags = tagsFrom(tag, await listTags(image, registry))
    if (!tags.includes(tag))
      fail(`images: there is no ${image}:${tag}. Correct the tag that the chart pins.`)
    lines.push(`  ${image}: [${tags.map((one) => `'${one}'`).join(', ')}]\n`)
  }
  const today = new Date().toISOString().slice(0, 10)
  return `${comment}read: ${today}\ntags:\n${lines.sort().join('')}`
}

const comment = `# Tags of the chart's images, newest first: those of the same form as the tag that the chart has, from its line on.
# \`npm run images -- --refresh\` reads them from the registries; the public workflow does that every week.
`

interface KnownTags {
  /** The day on which the registries were asked. */
  readonly read: string
  readonly tags: ReadonlyMap<string, readonly string[]>
}

function readTags(file: string, name: string): KnownTags {
  const bad = (reason: string): never => fail(`images: ${name} ${reason}. ${remedy}`)
  if (!existsSync(file)) return bad('does not exist')
  try {
    const content = parseYaml(readFileSync(file, 'utf8'), name)
    if (!isRecord(content) || !isRecord(content.tags)) return bad('is not a list of tags')
    const read = String(content.read)
    if (!/^\d{4}-\d\d-\d\d$/.test(read) || Date.parse(read) > Date.now())
      return bad(`has no day, or one to come, in "read"`)
    const tags = Object.entries(content.tags).map(
      ([image, list]) => [image, [list].flat().map(String)] as const,
    )
    return { read, tags: new Map(tags) }
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    return bad(`is not YAML (${error.reason})`)
  }
}

await runScript(main, import.meta)
