// What the release script refuses, before and after it looks at a registry or a folder: one sentence, exit 1.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readReason } from '../../scripts/lib/release-package.ts'
import { registryProblem } from '../../scripts/lib/release-registry.ts'
import { createProject, type Project, runHelm, serveFolder } from './fixtures/release/project.ts'
import {
  hasRegistry,
  type Service,
  startProxy,
  startRegistry,
} from './fixtures/release/registry.ts'
import { scratchFolder } from './fixtures/scratch.ts'

const unreachable = 'Check the address and the network.'
const uncommitted = 'Commit or remove it, because a release is made from a commit.'
const nobody = '127.0.0.1:1'
const nowhere = ['--to', `oci://${nobody}/charts`]
const refused = `connect: connection refused). ${unreachable}`

const parent = scratchFolder()
let project: Project
beforeAll(async () => {
  project = await createProject(parent)
})

test.each([
  [
    ['9.9.9', ...nowhere],
    'release: CHANGELOG.md has no section for 9.9.9. Put its entries under "## [9.9.9] - YYYY-MM-DD".',
  ],
  [
    ['0.1.1', ...nowhere],
    'release: CHANGELOG.md has no entries for 0.1.1. Add a "- " line for each change that users notice.',
  ],
  [
    ['0.1.2', ...nowhere],
    'release: CHANGELOG.md has no date for 0.1.2. Write "## [0.1.2] - YYYY-MM-DD".',
  ],
  [
    ['0.1.0', '--http', '/nowhere'],
    'release: --http /nowhere: not a folder that can be written to. Create it, or correct the path.',
  ],
  [
    ['0.1.0', ...nowhere, '--dry-run'],
    `release: cannot reach oci://${nobody}/charts (dial tcp ${nobody}: ${refused}`,
  ],
])('%j', async (args, message) => {
  expect(await project.refuse(...args)).toBe(message)
})

describe('the repository', () => {
  test.each<[string, boolean, Record<string, string>, string]>([
    [
      'changes that are not committed',
      false,
      { 'chart/values.yaml': 'fish: 5\n', 'draft.md': 'x\n' },
      `not everything is committed (chart/values.yaml, draft.md). ${uncommitted}`,
    ],
    [
      'many such changes, which are counted',
      false,
      { 'a.md': 'x', 'b.md': 'x', 'c.md': 'x', 'd.md': 'x', 'e.md': 'x' },
      `not everything is committed (a.md, b.md, c.md, and 2 more). ${uncommitted}`,
    ],
    [
      'a chart that Helm cannot package',
      true,
      { 'chart/Chart.yaml': 'apiVersion: v2\nversion: 0.0.0\n' },
      'Helm cannot package the chart: validation: chart.metadata.name is required',
    ],
    [
      'an example that does not render',
      true,
      { 'values-examples/full.yaml': 'fish: null\n' },
      'the examples do not pass. Correct what "npm start" prints above, then try again.',
    ],
  ])('%s', async (_, commit, files, message) => {
    const changed = await createProject(parent)
    await changed.write(files, commit)
    expect(await changed.refuse('0.1.0', '--http', changed.site)).toBe(`release: ${message}`)
    expect(await readdir(changed.site)).toEqual([])
  })

  test('a folder without git', async () => {
    const bare = await createProject(parent)
    await rm(join(bare.dir, '.git'), { recursive: true })
    expect(await bare.refuse('0.1.0', ...nowhere)).toBe(
      `release: ${bare.dir} is not a git repository. Run this in a clone of the chart's repository.`,
    )
  })
})

test('a registry that knows the login but does not allow a push', () => {
  const forbidden =
    'Error: failed to perform "Exists" on destination: HEAD "https://ghcr.io/v2/me/charts/pond/blobs/sha256:1": response status code 403: denied: permission_denied: [map[Action:push]]\n'
  expect(registryProblem('oci://ghcr.io/me/charts', readReason(forbidden))).toBe(
    'release: ghcr.io refuses access to oci://ghcr.io/me/charts (response status code 403: denied: permission_denied). Run "helm registry login ghcr.io" as somebody who may push there.',
  )
})

describe.skipIf(!hasRegistry)('a registry', () => {
  let registry: Service
  let closed: Service
  beforeAll(async () => {
    registry = await startRegistry()
    closed = await startRegistry(true)
  })
  afterAll(() => Promise.all([registry.stop(), closed.stop()]))

  test('without TLS', async () => {
    expect(await project.refuse('0.1.0', '--to', `oci://${registry.host}/charts`)).toBe(
      `release: ${registry.host} uses plain HTTP. Add --plain-http if that is intended.`,
    )
  })

  test('that expects a login', async () => {
    const to = `oci://${closed.host}/charts`
    expect(await project.refuse('0.1.0', '--to', to, '--plain-http')).toBe(
      `release: ${closed.host} refuses access to ${to} (basic credential not found). Run "helm registry login ${closed.host}" as somebody who may push there.`,
    )
  })

  test('where somebody else publishes the version at the same moment', async () => {
    const { dir, site } = await createProject(parent)
    await runHelm(4, 'package', join(dir, 'chart'), '--version', '0.1.0', '--destination', site)
    const push = ['push', join(site, 'pond-0.1.0.tgz'), `oci://${registry.host}/race`]
    const proxy = await startProxy(
      registry.host,
      async () => void (await runHelm(4, ...push, '--plain-http')),
    )
    const ours = `oci://${proxy.host}/race`
    expect(await project.refuse('0.1.0', '--to', ours, '--plain-http')).toBe(
      `release: ${ours}/pond:0.1.0 is not what was pushed. Somebody published it at the same time.`,
    )
    await proxy.stop()
  })
})

describe('a folder', () => {
  test.each(['entries: [', 'entries: []', 'hello', 'entries:\n  pond: 1\n'])(
    'with an index.yaml that is not an index: %j',
    async (text) => {
      const { refuse, site } = await createProject(parent)
      const index = join(site, 'index.yaml')
      await writeFile(index, text)
      expect(await refuse('0.1.0', '--http', site)).toBe(
        `release: ${index} is not the index of a chart repository. Restore its last good state.`,
      )
      expect(await readFile(index, 'utf8')).toBe(text)
    },
  )

  test.each([true, false])('whose archive was changed later (removed: %s)', async (removed) => {
    const { release, refuse, site } = await createProject(parent)
    await release('0.1.0', '--http', site)
    const archive = join(site, 'pond-0.1.0.tgz')
    await (removed ? rm(archive) : writeFile(archive, 'rubbish'))
    expect(await refuse('0.1.0', '--http', site)).toBe(
      `release: ${site}/index.yaml and pond-0.1.0.tgz do not belong together. Restore both from their last good state.`,
    )
  })

  test('that lacks a version that is served', async () => {
    const old = await createProject(parent)
    await old.release('0.1.0', '--http', old.site)
    const web = await serveFolder(old.site)
    const url = `http://${web.host}`
    expect(await project.refuse('0.2.0', '--http', project.site, '--url', url)).toBe(
      `release: ${project.site}/index.yaml lacks pond 0.1.0, which ${url}/index.yaml has. Bring the folder up to date first.`,
    )
    await web.stop()
  })

  test('whose web server does not answer', async () => {
    const { host, stop } = await serveFolder(project.site)
    await stop()
    const url = `http://${host}`
    expect(await project.refuse('0.1.0', '--http', project.site, '--url', url)).toBe(
      `release: cannot reach ${url}/index.yaml (connect ECONNREFUSED ${host}). ${unreachable}`,
    )
  })

  test('whose web server changes the archive', async () => {
    const { refuse, site } = await createProject(parent)
    const web = await serveFolder(site, true)
    const url = `http://${web.host}`
    expect(await refuse('0.1.0', '--http', site, '--url', `${url}/`)).toBe(
      `release: ${url} serves another pond-0.1.0.tgz than was written. Look at what uploads the folder.`,
    )
    await web.stop()
  })
})
