// The steps of a release: check, package, look at every target, and only then publish.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Call, fail } from './cli.ts'
import { checkChangelog, checkExamples, checkTree } from './release-checks.ts'
import { createFolderTarget } from './release-folder.ts'
import { createHelm, findHelm, sha256 } from './release-helm.ts'
import { type ReleaseOptions, readOptions } from './release-options.ts'
import { differingFiles, packageChart, readContents } from './release-package.ts'
import { createRegistryTarget } from './release-registry.ts'
import type { Found, Release, Target } from './release-target.ts'

type Print = Call['print']

/** A target together with what it already has. */
interface Place {
  target: Target
  found: Found
}

/** Publishes the chart of the repository in the folder where it is called, as its arguments say. */
export async function release(call: Call): Promise<void> {
  const options = readOptions(call.args, call.cwd)
  const workDir = await mkdtemp(join(tmpdir(), 'release-'))
  try {
    await releaseIn(workDir, options, call)
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
}

async function releaseIn(workDir: string, options: ReleaseOptions, call: Call): Promise<void> {
  const { cwd: root, env, print } = call
  const { version, dryRun } = options
  await checkTree(root)
  await checkChangelog(root, version)
  const helm = createHelm(await findHelm(), { ...env, HELM_CACHE_HOME: join(workDir, 'cache') })
  const { name, file, archive } = await packageChart(root, version, helm, workDir)
  const targets = createTargets(options, { name, version, file, helm, workDir })
  const places = await checkTargets(targets, archive, workDir)
  await checkExamples(call)
  print(`release: ${file} sha256:${await sha256(archive)}`)
  if (!dryRun) return publish(places, archive, print)
  for (const { target, found } of places) {
    print(`release: ${target.label}: ${found.listed ? 'already there' : 'would be published'}`)
  }
}

function createTargets({ to, http, url, plainHttp }: ReleaseOptions, chart: Release): Target[] {
  return [
    ...(to === undefined ? [] : [createRegistryTarget(to, plainHttp, chart)]),
    ...(http === undefined ? [] : [createFolderTarget(http, url, chart)]),
  ]
}

/** Fails when a target has this version with other content; looks at all before any is written. */
async function checkTargets(targets: Target[], archive: string, workDir: string): Promise<Place[]> {
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

/** Publishes where it is missing, with the bytes that another target already has, if one does. */
async function publish(places: Place[], packaged: string, print: Print): Promise<void> {
  const listed = places.find(({ found }) => found.listed)
  const there = listed ?? places.find(({ found }) => found.archive)
  const archive = there?.found.archive ?? packaged
  for (const { target, found } of places) {
    if (found.listed) {
      print(`release: ${target.label}: already there`)
    } else {
      await target.publish(archive)
      print(`release: ${target.label}: published; ${await target.verify(archive)}`)
    }
  }
}
