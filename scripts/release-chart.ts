// Usage: npm run release -- <version> [--to oci://…] [--http DIR [--url URL]] [--plain-http] [--dry-run]
// Publishes the chart of the current commit; docs/releasing.md says how to use it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fail, readArgs, runScript } from './lib/cli.ts'
import { checkChangelog, checkExamples, checkTree, versionProblem } from './lib/release-checks.ts'
import { createFolderTarget } from './lib/release-folder.ts'
import { createHelm, findHelm, sha256 } from './lib/release-helm.ts'
import { differingFiles, packageChart, readContents } from './lib/release-package.ts'
import { createRegistryTarget, registryAddressProblem } from './lib/release-registry.ts'
import type { Found, Release, Target } from './lib/release-target.ts'

const USAGE =
  'release: npm run release -- VERSION [--to oci://HOST/FOLDER] [--http DIR [--url URL]] [--plain-http] [--dry-run]'

interface Options {
  version: string
  to: string | undefined
  http: string | undefined
  url: string | undefined
  plainHttp: boolean
  dryRun: boolean
}

function readOptions(): Options {
  const { values, positionals } = readArgs(USAGE, {
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
    fail(`release: give one version. Usage: ${USAGE.slice(9)}`)
  const { to, http, url } = values
  return {
    version,
    to: to?.replace(/\/+$/, ''),
    http: http === undefined ? undefined : resolve(http),
    url: url?.replace(/\/+$/, ''),
    plainHttp: values['plain-http'],
    dryRun: values['dry-run'],
  }
}

function optionProblem({ version, to, http, url }: Options): string | undefined {
  const wrongVersion = versionProblem(version)
  if (wrongVersion) return wrongVersion
  if (to === undefined && http === undefined) {
    return 'nowhere to publish to. Give --to oci://HOST/FOLDER, or --http DIR, or both.'
  }
  if (url !== undefined && http === undefined)
    return '--url needs --http DIR, the folder it serves.'
  if (url !== undefined && !/^https?:\/\/./.test(url)) {
    return `--url ${url}: not a web address. Write https://HOST/FOLDER.`
  }
  return to === undefined ? undefined : registryAddressProblem(to)
}

function createTargets({ to, http, url, plainHttp }: Options, release: Release): Target[] {
  return [
    ...(to === undefined ? [] : [createRegistryTarget(to, plainHttp, release)]),
    ...(http === undefined ? [] : [createFolderTarget(http, url, release)]),
  ]
}

/** Fails when a target has this version with other content; looks at all before any is written. */
async function checkTargets(targets: Target[], archive: string, workDir: string): Promise<Found[]> {
  const ours = await readContents(archive, workDir)
  const found: Found[] = []
  for (const target of targets) {
    const there = await target.find()
    const others = there.archive ? await readContents(there.archive, workDir) : ours
    const [first, ...more] = differingFiles(ours, others)
    if (first) {
      const files = more.length > 0 ? `${first} and ${more.length} more differ` : `${first} differs`
      fail(
        `release: ${target.label} is already published and is another chart (${files}). Choose a new version.`,
      )
    }
    found.push(there)
  }
  return found
}

/** Publishes where it is missing, with the bytes that another target already has, if one does. */
async function publish(targets: Target[], found: Found[], packaged: string): Promise<void> {
  const archive =
    (found.find((there) => there.listed) ?? found.find((there) => there.archive))?.archive ??
    packaged
  for (const [i, target] of targets.entries()) {
    if (found[i]?.listed) {
      console.log(`release: ${target.label}: already there`)
    } else {
      await target.publish(archive)
      console.log(`release: ${target.label}: published; ${await target.verify(archive)}`)
    }
  }
}

async function releaseChart(options: Options, root: string, workDir: string): Promise<void> {
  const { version, dryRun } = options
  await checkTree(root)
  await checkChangelog(root, version)
  const helm = createHelm(await findHelm(), join(workDir, 'cache'))
  const { name, file, archive } = await packageChart(root, version, helm, workDir)
  const targets = createTargets(options, { name, version, file, helm, workDir })
  const found = await checkTargets(targets, archive, workDir)
  await checkExamples(root)
  console.log(`release: ${file} sha256:${await sha256(archive)}`)
  if (!dryRun) return publish(targets, found, archive)
  for (const [i, { label }] of targets.entries()) {
    console.log(`release: ${label}: ${found[i]?.listed ? 'already there' : 'would be published'}`)
  }
}

await runScript(async () => {
  const options = readOptions()
  const problem = optionProblem(options)
  if (problem) fail(`release: ${problem}`)
  const workDir = await mkdtemp(join(tmpdir(), 'release-'))
  try {
    await releaseChart(options, process.cwd(), workDir)
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
})
