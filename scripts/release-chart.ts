// Usage: npm run release -- VERSION [--to oci://HOST/FOLDER] [--http DIR [--url URL]] [--plain-http] [--dry-run]
// Publishes the chart of the current commit; docs/releasing.md explains the steps and options.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import semver from 'semver'
import { type Call, fail, readArgs, runScript, usageOf } from './lib/cli.ts'
import { createFolderTarget } from './lib/release-folder.ts'
import {
  checkChangelog,
  checkExamples,
  checkTree,
  createHelm,
  differingFiles,
  packageChart,
  readContents,
  sha256,
} from './lib/release-package.ts'
import { createRegistryTarget, type Found, type Target } from './lib/release-registry.ts'

/** A target together with what it already has. */
interface Place {
  readonly target: Target
  readonly found: Found
}

/** What `npm run release` does in the repository where it is called. */
export async function main(call: Call): Promise<void> {
  const options = readOptions(call.args, call.cwd)
  const workDir = await mkdtemp(join(tmpdir(), 'release-'))
  try {
    await release(workDir, options, call)
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

async function release(
  workDir: string,
  { version, to, http, url, plainHttp, dryRun }: ReturnType<typeof readOptions>,
  call: Call,
): Promise<void> {
  const { cwd: root, env, print } = call
  await checkTree(root)
  await checkChangelog(root, version)
  // An empty cache makes sure that a pull comes from the server.
  const helm = await createHelm({ ...env, HELM_CACHE_HOME: join(workDir, 'cache') })
  const { name, file, archive } = await packageChart(root, version, helm, workDir)
  const chart = { name, version, file, helm, workDir }
  const targets = [
    ...(to === undefined ? [] : [createRegistryTarget(to, plainHttp, chart)]),
    ...(http === undefined ? [] : [createFolderTarget(http, url, chart)]),
  ]
  const places = await checkTargets(targets, archive, workDir)
  await checkExamples(call)
  print(`release: ${file} sha256:${await sha256(archive)}`)
  if (!dryRun) return publish(places, archive, print)
  for (const { target, found } of places) {
    print(`release: ${target.label}: ${found.listed ? 'already there' : 'would be published'}`)
  }
}

/** Fails when a target has this version with other content; checks all of them before it writes to any. */
async function checkTargets(
  targets: readonly Target[],
  archive: string,
  workDir: string,
): Promise<Place[]> {
  const ours = await readContents(archive, workDir)
  const places: Place[] = []
  for (const target of targets) {
    const found = await target.find()
    const theirs = found.archive ? await readContents(found.archive, workDir) : ours
    const [first, ...more] = differingFiles(ours, theirs)
    if (first) {
      const files = more.length > 0 ? `${first} and ${more.length} more differ` : `${first} differs`
      fail(
        `release: ${target.label} is already published and is another chart (${files}). Choose a new version.`,
      )
    }
    places.push({ target, found })
  }
  return places
}

/** Publishes where it is missing, with the bytes that another target already has if there is one. */
async function publish(
  places: readonly Place[],
  packaged: string,
  print: Call['print'],
): Promise<void> {
  const listed = places.find(({ found }) => found.listed)
  const there = listed ?? places.find(({ found }) => found.archive)
  const archive = there?.found.archive ?? packaged
  for (const { target, found } of places) {
    if (found.listed) {
      print(`release: ${target.label}: already there`)
      continue
    }
    await target.publish(archive)
    print(`release: ${target.label}: published; ${await target.verify(archive)}`)
  }
}

/** Reads the arguments; paths are relative to `root`. Fails with a sentence when they make no sense. */
function readOptions(args: readonly string[], root: string) {
  const { values, positionals } = readArgs(import.meta, args, {
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      http: { type: 'string' },
      url: { type: 'string' },
      'plain-http': { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
    },
  })
  const [version, ...rest] = positionals
  if (version === undefined || rest.length > 0)
    return fail(`release: give one version. ${usageOf(import.meta)}`)
  const to = values.to?.replace(/\/+$/, '')
  const url = values.url?.replace(/\/+$/, '')
  const { http, 'plain-http': plainHttp, 'dry-run': dryRun } = values
  if (semver.valid(version) !== version)
    fail(
      `release: "${version}" is not a version that can be released. Write three numbers and, if needed, a pre-release, e.g. 1.4.0 or 1.4.0-rc.1.`,
    )
  if (to === undefined && http === undefined)
    fail('release: nowhere to publish to. Give --to oci://HOST/FOLDER, or --http DIR, or both.')
  if (url !== undefined && http === undefined)
    fail('release: --url needs --http DIR, the folder it serves.')
  if (url !== undefined && !/^https?:\/\/./.test(url))
    fail(`release: --url ${url}: not a web address. Write https://HOST/FOLDER.`)
  if (to !== undefined && !/^oci:\/\/[\w.-]+(:\d+)?(\/[a-z0-9][a-z0-9._-]*)+$/.test(to))
    fail(
      `release: --to ${to}: not a registry folder. Write oci://HOST/FOLDER, in small letters and without a tag.`,
    )
  const dir = http === undefined ? undefined : resolve(root, http)
  return { version, to, http: dir, url, plainHttp, dryRun }
}

await runScript(main, import.meta)
