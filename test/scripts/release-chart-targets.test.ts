// What the release script refuses when it has looked at a registry or a folder: one sentence each.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readReason } from '../../scripts/lib/release-package.ts'
import { registryProblem } from '../../scripts/lib/release-registry.ts'
import { createProject, type Project, runHelm, serveFolder } from './fixtures/release/project.ts'
import {
  freeHost,
  hasRegistry,
  type Service,
  startProxy,
  startRegistry,
} from './fixtures/release/registry.ts'

const forbidden =
  'Error: failed to perform "Exists" on destination: HEAD "https://ghcr.io/v2/me/charts/pond/blobs/sha256:1": response status code 403: denied: permission_denied: [map[Action:push]]\n'

let parent: string
let project: Project
let nobody: string

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'release-targets-'))
  project = await createProject(parent)
  nobody = await freeHost()
})

afterAll(async () => {
  await rm(parent, { recursive: true, force: true })
})

describe('the registry', () => {
  test('one that does not answer, which a dry run reports, too', async () => {
    expect(await project.refuse('0.1.0', '--to', `oci://${nobody}/charts`, '--dry-run')).toBe(
      `release: cannot reach oci://${nobody}/charts (dial tcp ${nobody}: connect: connection refused). Check the address and the network.`,
    )
  })

  test('one that knows the login and does not let it push', async () => {
    expect(registryProblem('oci://ghcr.io/me/charts', readReason(forbidden))).toBe(
      'release: ghcr.io refuses access to oci://ghcr.io/me/charts (response status code 403: denied: permission_denied). Run "helm registry login ghcr.io" as somebody who may push there.',
    )
  })
})

describe.skipIf(!hasRegistry)('a real registry', () => {
  let registry: Service
  let closed: Service

  beforeAll(async () => {
    registry = await startRegistry()
    closed = await startRegistry(true)
  }, 60_000)
  afterAll(() => Promise.all([registry.stop(), closed.stop()]))

  test('one without TLS', async () => {
    expect(await project.refuse('0.1.0', '--to', `oci://${registry.host}/charts`)).toBe(
      `release: ${registry.host} speaks plain HTTP. Add --plain-http if that is meant.`,
    )
  })

  test('one that wants a login', async () => {
    const to = `oci://${closed.host}/charts`
    expect(await project.refuse('0.1.0', '--to', to, '--plain-http')).toBe(
      `release: ${closed.host} refuses access to ${to} (basic credential not found). Run "helm registry login ${closed.host}" as somebody who may push there.`,
    )
  })

  test('one where somebody else publishes the version in the same moment', async () => {
    const other = await createProject(parent)
    const chart = join(other.dir, 'chart')
    await runHelm(4, 'package', chart, '--version', '0.1.0', '--destination', other.site)
    const archive = join(other.site, 'pond-0.1.0.tgz')
    const to = `oci://${registry.host}/race`
    const push = () => runHelm(4, 'push', archive, to, '--plain-http')
    const proxy = await startProxy(registry.host, async () => void (await push()))
    const ours = `oci://${proxy.host}/race`
    const message = await project.refuse('0.1.0', '--to', ours, '--plain-http')
    await proxy.stop()
    expect(message).toBe(
      `release: oci://${proxy.host}/race/pond:0.1.0 is not what was pushed. Somebody published it at the same time.`,
    )
  })
})

describe('the folder', () => {
  let old: Project

  beforeAll(async () => {
    old = await createProject(parent)
    await old.release('0.1.0', '--http', old.site)
  }, 60_000)

  test('one that does not exist', async () => {
    expect(await project.refuse('0.1.0', '--http', '/nowhere')).toBe(
      'release: --http /nowhere: not a folder that can be written to. Create it, or correct the path.',
    )
  })

  test.each(['entries: [', 'entries: []', 'hello', 'entries:\n  pond: 1\n'])(
    'a file that is not an index: %j',
    async (text) => {
      const made = await createProject(parent)
      await writeFile(join(made.site, 'index.yaml'), text)
      expect(await made.refuse('0.1.0', '--http', made.site)).toBe(
        `release: ${made.site}/index.yaml is not the index of a chart repository. Restore its last good state.`,
      )
      expect(await readFile(join(made.site, 'index.yaml'), 'utf8')).toBe(text)
    },
  )

  test.each(['removed', 'changed'])('an archive that was %s behind the index', async (how) => {
    const archive = join(old.site, 'pond-0.1.0.tgz')
    await (how === 'removed' ? rm(archive) : writeFile(archive, 'rubbish'))
    expect(await old.refuse('0.1.0', '--http', old.site)).toBe(
      `release: ${old.site}/index.yaml and pond-0.1.0.tgz do not belong together. Restore both from their last good state.`,
    )
  })

  test('one that lacks a version that is served', async () => {
    const web = await serveFolder(old.site)
    const url = `http://${web.host}`
    const message = await project.refuse('0.2.0', '--http', project.site, '--url', url)
    await web.stop()
    expect(message).toBe(
      `release: ${project.site}/index.yaml lacks pond 0.1.0, which ${url}/index.yaml has. Bring the folder up to date first.`,
    )
  })

  test('one whose web server does not answer', async () => {
    const where = ['--http', project.site, '--url', `http://${nobody}`]
    expect(await project.refuse('0.1.0', ...where)).toBe(
      `release: cannot reach http://${nobody}/index.yaml (connect ECONNREFUSED ${nobody}). Check the address and the network.`,
    )
  })

  test('one whose web server changes the archive', async () => {
    const made = await createProject(parent)
    const web = await serveFolder(made.site, true)
    const url = `http://${web.host}`
    const message = await made.refuse('0.1.0', '--http', made.site, '--url', `${url}/`)
    await web.stop()
    expect(message).toBe(
      `release: ${url} serves another pond-0.1.0.tgz than was written. Look at what uploads the folder.`,
    )
  })
})
