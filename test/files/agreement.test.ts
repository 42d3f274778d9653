// What one file of the chart writes and another reads: notes, keys, labels, exit codes, names of values.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml } from 'chart-harness'
import { expect, test } from 'vitest'
import { chartFile } from '../chart/render.ts'
import { chart, renderExample, root } from '../rules/project.ts'
import { files, filesOf, found, textOf } from './programs.ts'

const all = [...files].filter(([name]) => name !== 'database.rb').map(([, text]) => text)
const together = all.join('\n')
const prefix = 'mastodon_chart.'

const notesWritten = [
  ...found(together, /write_note\('(\w+)'/g),
  ...found(together, /VALUES \('mastodon_chart\.(\w+)'/g),
].sort()

const notesRead = [
  ...found(together, /\bnote\('(\w+)'\)/g),
  ...found(together, /%w\[([\w ]+)\]\.map \{ \|name\| database\.note\(name\)/g),
  ...found(together, /key = 'mastodon_chart\.(\w+)'/g),
]

test('every note that is written is read, and vice versa', () => {
  expect(notesWritten).not.toEqual([])
  expect([...new Set(notesRead)].sort()).toEqual(notesWritten)
})

test('the import writes its note where the migration looks for it', () => {
  expect(found(textOf('database.rb'), /NOTES = '(.*)'/g)).toEqual([prefix])
  expect(textOf('import-database-end.sql')).toContain(`('${prefix}import'`)
})

test('the import and the migrations lock different things, each always the same', () => {
  expect(found(together, /advisory_(?:xact_)?lock\((\d+)\)/g)).toHaveLength(1)
  expect(found(textOf('database.rb'), /advisory_lock\((\d+)\)/g)).not.toEqual(
    found(together, /advisory_(?:xact_)?lock\((\d+)\)/g),
  )
})

/** The keys that the hook is asked for. */
async function generated(): Promise<string[]> {
  const render = await renderExample('minimal')
  const view = render.containers((each) => filesOf(each, render).has('generate-secrets.rb'))
  const asked = view.flatMap(({ container }) => container.env ?? [])
  const text = asked.find(({ name }) => name === 'SECRETS')?.value ?? '{}'
  return Object.values(JSON.parse(text) as Record<string, string[]>).flat()
}

test('the encryption keys that are generated are those that the database remembers', async () => {
  const names = found(textOf('database.rb'), /KEYS = %w\[([A-Z_ ]+)\]/g)
  const made = (await generated()).filter((name) => name.startsWith('ACTIVE_RECORD'))
  expect(made).toEqual(names.map((name) => `ACTIVE_RECORD_ENCRYPTION_${name}`).sort())
})

test('both halves of the Web Push key are asked for', async () => {
  const halves = found(textOf('generate-secrets.rb'), /'(VAPID_\w+_KEY)' =>/g)
  expect((await generated()).filter((name) => name.startsWith('VAPID'))).toEqual(halves.sort())
})

test('the exit code for an error that a retry cannot fix ends the Job', async () => {
  const [code] = found(textOf('import-database.sh'), /refuse\(\) \{ finish (\d+)/g)
  expect(chartFile('templates/import-database/job.yaml')).toContain(`"values" (list ${code})`)
})

test.each(['migrate.rb', 'post-migrate.rb'])(
  '%s knows the pods that wait at the gate',
  async (name) => {
    expect(textOf(name)).toContain('Kubernetes.application_pods')
    const [pattern = ''] = textOf('kubernetes.rb').match(/(?<=\\A).*(?=\\z)/) ?? []
    const known = new RegExp(`^${pattern}$`)
    const deployments = (await renderExample('split-sidekiq')).all('Deployment', { min: 3 })
    const gated = deployments.filter(({ spec }) =>
      spec?.template.spec?.initContainers?.some((container) => container.name === 'gate'),
    )
    const component = ({ metadata }: (typeof deployments)[number]): string =>
      metadata.labels?.['app.kubernetes.io/component'] ?? ''
    expect(deployments.map(component).filter((name) => known.test(name))).toEqual(
      gated.map(component),
    )
    expect(gated.length).toBeGreaterThan(2)
  },
)

type Schema = { readonly [key: string]: Schema | undefined }
const schema = JSON.parse(chartFile('values.schema.json')) as Schema

function hasValue(path: string): boolean {
  let node: Schema | undefined = schema
  for (const key of path.split('.')) {
    node = node?.properties?.[key]
    const reference: unknown = node?.$ref
    if (typeof reference !== 'string') continue
    node = reference
      .slice(2)
      .split('/')
      .reduce<Schema | undefined>((at, step) => at?.[step], schema)
  }
  return node !== undefined
}

const blocks = /(?<![\w./"'])((?:jobs|import|postgresql|redis|storage)\.[a-zA-Z]+(?:\.[a-zA-Z]+)*)/g
const remedies = found(together, blocks)
  .filter((path) => !/\.(rb|sh|sql|awk|conf)$/.test(path))
  // Which variables there are is up to the user.
  .map((path) => path.replace(/\.env\.[A-Z]+$/, '.env'))

test.each(remedies)('a sentence names the value %s, which exists', (path) => {
  expect(hasValue(path)).toBe(true)
})

test.each([...files.keys()].filter((name) => name.endsWith('.sh')))('%s is valid bash', (name) => {
  // macOS' bash is older than coprocesses.
  const input = textOf(name).replace(/\bcoproc \w+ \{/, '{')
  expect(spawnSync('bash', ['-n'], { input }).stderr.toString()).toBe('')
})

// A time-out of Ruby 4 is an IO::TimeoutError.
test('who expects a broken connection expects an IOError, too', () => {
  const lists = together.match(/\brescue .*\bSocketError\b.*/g) ?? []
  expect(lists).not.toEqual([])
  expect(lists.filter((list) => !/\bIOError\b/.test(list))).toEqual([])
})

test('login.js is valid JavaScript', () => {
  const path = join(chart.path, 'files', 'login.js')
  expect(spawnSync(process.execPath, ['--check', path]).stderr.toString()).toBe('')
})

test('a sender that the schema refuses is refused in env, too', () => {
  const read = (path: string) => parseYaml(readFileSync(path, 'utf8'))
  const rows = read(join(chart.path, 'files/boot.yaml')) as { names: string; pattern: string }[]
  const { properties } = read(join(root, 'schema/values/smtp.yaml')) as {
    properties: { fromAddress: { pattern: string } }
  }
  const row = rows.find(({ names }) => names === 'SMTP_FROM_ADDRESS')
  expect(row?.pattern).toBe(properties.fromAddress.pattern)
})
