// The release script against a real registry and a real web server, with both Helms as clients.
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, mkdir, mkdtemp, readdir, readFile, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type CommandResult, runCommand } from 'chart-harness'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject, type Project, runHelm, serveFolder } from './fixtures/release/project.ts'
import { hasRegistry, type Service, startRegistry } from './fixtures/release/registry.ts'
import { scratchFolder } from './fixtures/scratch.ts'

const parent = scratchFolder()
let registry: Service | undefined
beforeAll(async () => {
  if (hasRegistry) registry = await startRegistry()
})
afterAll(() => registry?.stop())

const oci = (): string => `oci://${registry?.host}`

const to = (folder: string): string[] => ['--to', `${oci()}/${folder}`, '--plain-http']

const digest = (file: string): string => hash('sha256', readFileSync(file))

/** The digest of what the registry has in a folder; null if it has nothing. */
async function manifestOf(folder: string): Promise<string | null> {
  const headers = { accept: 'application/vnd.oci.image.manifest.v1+json' }
  const url = `http://${registry?.host}/v2/${folder}/pond/manifests/0.1.0`
  return (await fetch(url, { headers })).headers.get('docker-content-digest')
}

async function pull(major: 3 | 4, ...from: string[]): Promise<string> {
  const folder = await mkdtemp(join(parent, 'pulled-'))
  await runHelm(major, 'pull', ...from, '--destination', folder)
  const [file = 'nothing'] = await readdir(folder)
  return join(folder, file)
}

describe.skipIf(!hasRegistry)('a release to both targets', () => {
  let project: Project
  let web: Service
  let sources: Record<'registry' | 'folder', string[]>
  let result: CommandResult
  let sum: string

  beforeAll(async () => {
    project = await createProject(parent)
    web = await serveFolder(project.site)
    const folder = ['--http', project.site, '--url', `http://${web.host}`]
    await project.write({ 'chart/notes.log': 'ignored by git' }, false)
    result = await project.runScript('0.1.0', ...to('both'), ...folder)
    sum = digest(join(project.site, 'pond-0.1.0.tgz'))
    sources = {
      registry: [`${oci()}/both/pond`, '--version', '0.1.0', '--plain-http'],
      folder: ['pond', '--repo', `http://${web.host}`, '--version', '0.1.0'],
    }
  })
  afterAll(() => web.stop())

  test('says what was published and compared', async () => {
    expect(result.stderr).toBe('')
    expect(result.stdout).toBe(
      `release: pond-0.1.0.tgz sha256:${sum}
release: ${oci()}/both/pond:0.1.0: published; pulled back, same bytes
release: pond-0.1.0.tgz in ${project.site}: published; pulled back from http://${web.host}, same bytes
`,
    )
  })

  const clients = ([3, 4] as const).flatMap((helm) =>
    (['registry', 'folder'] as const).map((source) => ({ helm, source })),
  )

  test('has the committed files, with nothing that git ignores', async () => {
    const archive = await pull(4, ...sources.registry)
    const { stdout } = await runCommand('tar', ['-tzf', archive])
    expect(stdout.trim().split('\n').sort()).toEqual([
      'pond/Chart.yaml',
      'pond/templates/config-map.yaml',
      'pond/values.yaml',
    ])
  })

  test.each(clients)('Helm $helm shows, pulls and renders it from the $source', async (from) => {
    const { helm, source } = from
    expect(await runHelm(helm, 'show', 'chart', ...sources[source])).toContain('version: 0.1.0\n')
    expect(digest(await pull(helm, ...sources[source]))).toBe(sum)
    const set = ['--set', 'fish=7']
    expect(await runHelm(helm, 'template', 'my', ...sources[source], ...set)).toContain(
      'helm.sh/chart: pond-0.1.0\ndata:\n  fish: "7"\n',
    )
  })
})

describe.skipIf(!hasRegistry)('a version that is published already', () => {
  test('is not touched when the chart is the same, and has the same bytes again', async () => {
    const project = await createProject(parent)
    const args = ['0.1.0', ...to('again'), '--http', project.site]
    const [sum] = await project.release(...args)
    await project.write({ 'README.md': 'not part of the chart\n' })
    expect(await project.release(...args)).toEqual([
      sum,
      `release: ${oci()}/again/pond:0.1.0: already there`,
      `release: pond-0.1.0.tgz in ${project.site}: already there`,
    ])
  })

  test('is refused when the chart has changed, and nothing is written', async () => {
    const project = await createProject(parent)
    await project.release('0.1.0', ...to('changed'))
    const before = await manifestOf('changed')
    await project.write({ 'chart/values.yaml': 'fish: 4\n' })
    const args = ['0.1.0', ...to('changed'), '--http', project.site]
    expect(await project.refuse(...args)).toBe(
      `release: ${oci()}/changed/pond:0.1.0 is already published and is another chart (pond/values.yaml differs). Choose a new version.`,
    )
    expect([await manifestOf('changed'), await readdir(project.site)]).toEqual([before, []])
  })

  test('keeps the registry untouched when only the folder refuses', async () => {
    const project = await createProject(parent)
    await project.release('0.1.0', '--http', project.site)
    const index = join(project.site, 'index.yaml')
    const before = await readFile(index, 'utf8')
    await project.write({ 'chart/values.yaml': 'fish: 4\n', 'chart/NEW.md': 'new\n' })
    expect(await project.refuse('0.1.0', ...to('first'), '--http', project.site)).toBe(
      `release: pond-0.1.0.tgz in ${project.site} is already published and is another chart (pond/NEW.md and 1 more differ). Choose a new version.`,
    )
    expect([await manifestOf('first'), await readFile(index, 'utf8')]).toEqual([null, before])
  })
})

describe('a release that failed half-way', () => {
  test.skipIf(!hasRegistry)('continues with the bytes that the registry has', async () => {
    const project = await createProject(parent)
    const archive = join(parent, 'pond-0.1.0.tgz')
    const chart = join(project.dir, 'chart')
    await runHelm(3, 'package', chart, '--version', '0.1.0', '--destination', parent)
    await runHelm(3, 'push', archive, `${oci()}/half`, '--plain-http')
    const lines = await project.release('0.1.0', ...to('half'), '--http', project.site)
    expect(lines[1]).toBe(`release: ${oci()}/half/pond:0.1.0: already there`)
    expect(digest(join(project.site, 'pond-0.1.0.tgz'))).toBe(digest(archive))
  })

  test('writes the index only after the archive, and continues from there', async () => {
    const project = await createProject(parent)
    const names = ['.pond-0.1.0.tgz.tmp', '.index.yaml.tmp']
    const inTheWay = names.map((name) => join(project.site, name))
    const seen: string[][] = []
    for (const path of inTheWay) await mkdir(path)
    for (const path of inTheWay) {
      await expect(project.release('0.1.0', '--http', project.site)).rejects.toThrow(path)
      seen.push((await readdir(project.site)).filter((name) => !name.startsWith('.')))
      await rmdir(path)
    }
    expect(seen).toEqual([[], ['pond-0.1.0.tgz']])
    const lines = await project.release('0.1.0', '--http', project.site)
    expect(lines[1]).toContain(`${project.site}: published; index and file agree`)
  })
})

test('a later version keeps earlier entries, and replaces the index in one step', async () => {
  const project = await createProject(parent)
  const [index, old] = [join(project.site, 'index.yaml'), join(project.site, 'old.yaml')]
  await project.release('0.1.0', '--http', project.site)
  const before = await readFile(index, 'utf8')
  await link(index, old)
  await project.release('0.2.0', '--http', project.site)
  const [entry = 'none'] = /- apiVersion(?:.|\n)*version: 0\.1\.0\n/.exec(before) ?? []
  const after = await readFile(index, 'utf8')
  expect([after.includes(entry), after.includes('version: 0.2.0\n')]).toEqual([true, true])
  expect(await readFile(old, 'utf8')).toBe(before)
})

test.skipIf(!hasRegistry)('a dry run checks everything and writes nothing', async () => {
  const project = await createProject(parent)
  const lines = await project.release('0.1.0', ...to('dry'), '--http', project.site, '--dry-run')
  expect(lines[2]).toBe(`release: pond-0.1.0.tgz in ${project.site}: would be published`)
  expect([await manifestOf('dry'), await readdir(project.site)]).toEqual([null, []])
})

test('a folder that is not uploaded yet is still published', async () => {
  const project = await createProject(parent)
  const empty = await serveFolder(join(project.dir, 'chart'))
  const url = `http://${empty.host}`
  const lines = await project.release('0.1.0', '--http', project.site, '--url', url)
  await empty.stop()
  expect(lines[1]).toContain(
    `index and file agree; ${url} does not serve it yet, so upload the folder`,
  )
})
