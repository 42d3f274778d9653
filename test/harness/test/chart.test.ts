import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createChart } from '../src/render/chart.ts'
import { copyChart } from '../src/render/chart-files.ts'
import type { RenderRequest } from '../src/render/request.ts'
import { runCommand } from '../src/tools/run-command.ts'
import { resolveTool } from '../src/tools/tools.ts'
import { clean, fixture, temporaryFolder } from './support.ts'

const entries = (cacheDir: string): string[] => readdirSync(join(cacheDir, 'renders')).sort()

test('an equal render is read from the disk', async () => {
  const cacheDir = temporaryFolder()
  await createChart({ path: fixture('clean'), cacheDir }).render()
  const [entry = ''] = entries(cacheDir)
  const file = join(cacheDir, 'renders', entry)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('GREETING: \\"hello\\"', 'GREETING: \\"from the disk\\"'))
  const render = await createChart({ path: fixture('clean'), cacheDir }).render()
  expect(render.one('ConfigMap', 'web').data?.GREETING).toBe('from the disk')
  expect(entries(cacheDir)).toEqual([entry])
})

test('a fresh render runs Helm again, which reveals a chart that is not deterministic', async () => {
  const chart = createChart({ path: fixture('random'), cacheDir: temporaryFolder() })
  const [one, kept] = [await chart.render(), await chart.render()]
  const fresh = await chart.render({ fresh: true })
  expect(kept.text).toBe(one.text)
  expect(fresh.text).not.toBe(one.text)
})

test.each<RenderRequest>([
  { values: { greeting: 'x' } },
  { files: [fixture('greeting.yaml')] },
  { helm: 3 },
  { kube: '1.31' },
  { apis: ['example.org/v1'] },
  { isUpgrade: true },
  { release: 'other' },
  { namespace: 'other' },
  { schema: 'skip' },
])('%o is another render', async (options) => {
  const cacheDir = temporaryFolder()
  const chart = createChart({ path: fixture('clean'), cacheDir })
  await Promise.all([chart.render(), chart.render(options), chart.render(options)])
  expect(entries(cacheDir)).toHaveLength(2)
})

test('a changed chart and a changed values file are rendered anew', async () => {
  const [cacheDir, path] = [temporaryFolder(), join(temporaryFolder(), 'clean')]
  const file = join(cacheDir, 'values.yaml')
  const greeting = async (): Promise<string | undefined> => {
    const render = await createChart({ path, cacheDir }).render({ files: [file] })
    return render.one('ConfigMap', 'web').data?.GREETING
  }
  copyChart(fixture('clean'), path)
  writeFileSync(file, 'greeting: one\n')
  expect(await greeting()).toBe('one')
  writeFileSync(file, 'greeting: two\n')
  expect(await greeting()).toBe('two')
  const template = join(path, 'templates/web/config-map.yaml')
  const text = readFileSync(template, 'utf8')
  writeFileSync(template, text.replace('.Values.greeting |', '.Values.greeting | upper |'))
  expect(await greeting()).toBe('TWO')
})

// Helm 4.2 drops such a last line when no newline ends it (https://github.com/helm/helm/issues/32506).
test.each([3, 4] as const)('values of 4,096 or 8,192 bytes reach Helm %i whole', async (helm) => {
  const empty = JSON.stringify({ greeting: '' }).length
  for (const size of [4096, 8192]) {
    const greeting = 'x'.repeat(size - empty)
    const render = await clean.render({ helm, values: { greeting }, schema: 'skip' })
    expect(render.one('ConfigMap', 'web').data?.GREETING).toBe(greeting)
  }
})

test('values win over files, later files over earlier ones', async () => {
  const files = [fixture('greeting.yaml'), fixture('greeting-and-tag.yaml')]
  const render = await clean.render({ files, values: { tag: '3.0' } })
  const [container] = render.one('Deployment', 'web').spec?.template.spec?.containers ?? []
  expect(render.one('ConfigMap', 'web').data?.GREETING).toBe('from the second file')
  expect(container?.image).toBe('example.org/web:3.0')
})

test.each([3, 4] as const)('Helm %i renders the notes', async (helm) => {
  const options = { helm, showNotes: true, kube: '1.33', namespace: 'n' } as const
  expect((await clean.render(options)).notes).toBe('Installed r in n\nwith Kubernetes v1.33.0.')
  expect((await clean.render({ ...options, isUpgrade: true })).notes).toMatch(/^Upgraded r in n/)
})

test('the notes are those that an installation prints', async () => {
  const { path } = await resolveTool('helm4')
  const args = ['install', 'r', fixture('clean'), '--dry-run=client', '--hide-secret', '-n', 'n']
  const { stdout } = await runCommand(path, args, { env: { HOME: temporaryFolder() } })
  const { notes } = await clean.render({ showNotes: true, namespace: 'n' })
  expect(stdout.split('\nNOTES:\n')[1]?.trim()).toBe(notes)
})

test('a chart without notes says so', async () => {
  const chart = createChart({ path: fixture('sentinel') })
  await expect(chart.render({ showNotes: true })).rejects.toThrow('has no templates/NOTES.txt')
})

test.each([
  [fixture('clean/templates'), 'it has no Chart.yaml'],
  ['/nowhere/chart', 'it does not exist'],
])('%s is not a chart, because %s', async (path, reason) => {
  await expect(createChart({ path }).render()).rejects.toThrow(`${path} is not a chart: ${reason}`)
})

test('a packaged chart renders what its folder renders', async () => {
  const { path } = await resolveTool('helm4')
  const dir = temporaryFolder()
  await runCommand(path, ['package', fixture('clean'), '-d', dir], { env: { HOME: dir } })
  const packaged = createChart({ path: join(dir, 'clean-0.1.0.tgz'), release: 'r' })
  expect((await packaged.render()).text).toBe((await clean.render()).text)
})

test('nothing of the environment changes a render', async () => {
  const cacheDir = temporaryFolder()
  vi.stubEnv('HELM_NAMESPACE', 'from-the-environment')
  const render = await createChart({ path: fixture('clean'), cacheDir }).render()
  expect(render.one('PersistentVolume', 'media-share').spec?.claimRef?.namespace).toBe('default')
})

test('the command reproduces the render', async () => {
  const render = await clean.render({ values: { greeting: "it's" } })
  const { path } = await resolveTool('helm4')
  const command = render.command.replace('| helm ', `| ${path} `)
  const { stdout } = await runCommand('sh', ['-c', command])
  expect(stdout).toBe(render.text)
})
