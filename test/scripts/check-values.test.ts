// npm start, run as a user runs it.
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandResult, canary, containsSecret, parseYaml, runCommand } from 'chart-harness'
import { afterAll, describe, expect, test } from 'vitest'
import { readOptions } from '../../scripts/lib/check-options.ts'
import { chart, examples, renderExample } from '../matrix.ts'

const root = join(import.meta.dirname, '../..')
const dir = mkdtempSync(join(tmpdir(), 'check-values-'))
const rendered = join(root, 'rendered')
const written = new Set<string>()
afterAll(() => {
  for (const path of [dir, ...written]) rmSync(path, { recursive: true, force: true })
})

function start(args: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> {
  const tsx = join(root, 'node_modules/.bin/tsx')
  return runCommand(tsx, [join(root, 'scripts/check-values.ts'), ...args], {
    cwd: dir,
    env: { ...process.env, ...env },
  })
}

/** Writes a values file; its name is unlike that of any other test. */
function file(name: string, content: string | Buffer): string {
  const path = join(dir, name)
  writeFileSync(path, content)
  written.add(join(rendered, name.replace(/\.yaml$/, '')))
  return path
}

describe('all examples', async () => {
  const { code, stdout, stderr } = await start([])
  const rows = stdout.split('\n').map((line) => line.split(/ {2,}/))

  test('pass with both Helms in eight minors, and the table says so', () => {
    expect(stderr).not.toContain('problem')
    expect(code).toBe(0)
    expect(rows[0]?.slice(4, 12)).toEqual(
      ['30', '31', '32', '33', '34', '35', '36', '37'].map((minor) => `v1.${minor}`),
    )
    const passed = rows.filter((row) => row.at(-1) === 'passed')
    expect(passed.map(([name, helm]) => `${name} ${helm?.[0]}`)).toEqual(
      examples.flatMap((name) => [`${name} 3`, `${name} 4`]),
    )
    for (const row of passed) expect(row.slice(4, 12)).toEqual(Array(8).fill('ok'))
  })

  test('are told to standard error while it works', () => {
    expect(stderr).toContain('[1/8] external-services\n')
    expect(stderr).toContain('[8/8] split-sidekiq\n')
    expect(stderr).toContain('kubeconform, Kubernetes 1.30, ')
  })

  test('name what must exist before', () => {
    expect(stdout).toContain('mstdnblue needs ConfigMap configmap-mstdnblue\n')
    expect(stdout).toContain(
      'external-services needs Secret mastodon-s3 with access-key-id, secret-access-key\n',
    )
  })

  test.for(['mstdnblue', 'split-sidekiq'])('%s is written as it was rendered', async (example) => {
    const { objects } = await renderExample(example)
    const folder = join(rendered, example)
    const files = readdirSync(folder)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(files).toHaveLength(objects.length)
    for (const object of objects) {
      const name = `${object.kind.toLowerCase()}-${object.metadata.name}.yaml`
      expect(parseYaml(readFileSync(join(folder, name), 'utf8'))).toEqual(object)
    }
  })
})

describe('values with secrets', async () => {
  const secret = canary('smtp.password')
  const values = `smtp: {server: mail.example.com, password: {value: '${secret}'}}\n`
  const path = file('canary-values.yaml', values)
  const { code, stdout, stderr } = await start([
    '-f',
    path,
    '--helm',
    '4',
    '--kube',
    '1.36',
    '--json',
  ])
  const folder = join(rendered, 'canary-values')

  test('pass, and the answer is for machines', () => {
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const { ok, kubernetes, sets } = JSON.parse(stdout)
    expect([ok, kubernetes]).toEqual([true, ['1.36']])
    expect(sets[0]).toMatchObject({ name: 'canary-values', ok: true, findings: [], needs: [] })
    expect(sets[0].helms).toHaveLength(1)
    expect(sets[0].helms[0]).toMatchObject({ helm: 4, kubernetes: { 1.36: true } })
  })

  test('are written without the secrets', () => {
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    expect(texts.filter((text) => containsSecret(text, secret))).toEqual([])
    const [masked] = texts.filter((text) => text.includes('kind: Secret'))
    expect(masked).toContain('SMTP_PASSWORD: (masked)')
  })

  test('are not told', () => expect(containsSecret(stdout, secret)).toBe(false))
})

describe('files that cannot be read', async () => {
  const paths = [
    file('twice.yaml', 'web:\n  replicas: 1\n  replicas: 2\n'),
    file('open.yaml', 'web: [1\nstreaming: 2\n'),
    file('list.yaml', '- web\n'),
    file('text.yaml', 'just text\n'),
    file('several.yaml', 'web: {}\n---\nweb: {}\n'),
    file('tab.yaml', 'web:\n\treplicas: 1\n'),
    file('binary.yaml', Buffer.from([0xff, 0xfe, 0])),
    join(dir, 'nowhere.yaml'),
    dir,
  ]
  const { code, stderr } = await start([...paths.flatMap((path) => ['-f', path]), '--quiet'])

  test('are all told at once, each in one sentence', () => {
    expect(code).toBe(1)
    expect(stderr.split('\n').slice(1, -1)).toEqual([
      '  twice.yaml:3:3 sets the key "replicas" twice. Keep one of them.',
      '  open.yaml:2:1 is not YAML: flow sequence in block collection must be sufficiently indented and end with a ]. Correct it; two spaces, no tabs, "key: value".',
      '  list.yaml is a list, not a map of values. Begin with a key, for example "mastodon:".',
      '  text.yaml is plain text, not a map of values. Begin with a key, for example "mastodon:".',
      '  several.yaml:2:1 holds several YAML documents. Put each into a file of its own.',
      '  tab.yaml:2:1 is not YAML: tabs are not allowed as indentation. Correct it; two spaces, no tabs, "key: value".',
      '  binary.yaml is not UTF-8 text. Save it as UTF-8.',
      '  nowhere.yaml does not exist. Name a values file that does.',
      `  ${dir} is a folder. Name a values file.`,
    ])
  })
})

describe('values that are wrong', async () => {
  const first = file('wrong.yaml', 'mastodon: {localDomian: example.com}\nweb: {replicas: many}\n')
  const second = file('more.yaml', 'storage:\n  system:\n    type: nfs\n')
  const { code, stdout, stderr } = await start(['-f', first, '-f', second])

  test('are told by the schema and by the rules at once, with the line that sets them', () => {
    expect(code).toBe(1)
    expect(stderr).toContain(
      [
        'wrong+more: 4 problems',
        '  mastodon.localDomian: is not a known key (wrong.yaml:1)',
        '  web.replicas: must be integer or null (wrong.yaml:2)',
        '  storage.system.nfs.server: required when storage.system.type is nfs. Set the host or address of the NFS server. (more.yaml:2)',
        '  storage.system.nfs.path: required when storage.system.type is nfs. Set the exported directory. (more.yaml:2)',
        '',
      ].join('\n'),
    )
  })

  test('come with the command that shows it, which fails in the same way', async () => {
    const command = /to see it: helm (template .*) # Helm 3\n/.exec(stderr)?.[1] ?? ''
    expect(command).toMatch(
      /^template wrong-more \/.*chart -n mastodon -f \.\/wrong\.yaml -f \.\/more\.yaml/,
    )
    const failure = await chart.renderFails({ files: [first, second], helm: 3, schema: 'skip' })
    expect(failure.lines).toContain(
      'storage.system.nfs.path: required when storage.system.type is nfs. Set the exported directory.',
    )
  })

  test('are a row of the table', () => {
    expect(stdout).toMatch(/^wrong\+more +- +- .* FAILED$/m)
    expect(existsSync(join(rendered, 'wrong+more'))).toBe(false)
  })

  test('are told in the words of Helm’s own check', async () => {
    const failure = await chart.renderFails({ files: [first, second] })
    expect(failure.violations?.map(({ path }) => path)).toEqual([
      'mastodon.localDomian',
      'web.replicas',
    ])
  })
})

describe('a broken chart', async () => {
  const copy = join(dir, 'chart')
  cpSync(chart.path, copy, { recursive: true })
  const values = file('fine.yaml', 'mastodon: {localDomain: example.com}\n')
  const check = (template: string): Promise<CommandResult> => {
    writeFileSync(join(copy, 'templates/zz-broken.yaml'), template)
    return start(['--chart', copy, '-f', values, '--helm', '4', '--kube', '1.36', '--quiet'])
  }

  test('is told with the template and its line', async () => {
    const { code, stderr } = await check(
      'kind: ConfigMap\nname: {{ .Values.mastodon.nothing.more }}\n',
    )
    expect(code).toBe(1)
    expect(stderr).toContain('fine: 1 problem\n')
    expect(stderr).toContain(
      'nil pointer evaluating interface {}.more (./chart/templates/zz-broken.yaml:2:',
    )
    expect(stderr).toContain('to see it: helm template fine ./chart -n mastodon -f ./fine.yaml')
  })

  test('is refused by ajv, by kubeconform and by the rules; a wrong value of a Secret stays unsaid', async () => {
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: {name: lost}\nspec: {ports: [], prots: []}\n'
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {pin: 271828}\n'
    const { code, stderr } = await check(`${service}---\n${secret}`)
    expect(code).toBe(1)
    expect(stderr.replaceAll(/ \(chart\/templates\/zz-broken.yaml\)/g, '')).toContain(
      'kubernetes-schema: Service/lost spec.prots: Kubernetes 1.36: unknown field',
    )
    expect(stderr).toMatch(
      /kubeconform: Service\/lost: .*additional properties 'prots' not allowed/,
    )
    expect(stderr).toContain('labels-complete: Service/lost: lacks the labels ')
    expect(stderr).toContain('Secret/x stringData.pin: Kubernetes 1.36: must be string')
    expect(stderr).not.toContain('271828')
    expect(stderr).toContain('(chart/templates/zz-broken.yaml)')
  })

  test('is refused when it renders an object twice', async () => {
    const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n'
    const { code, stderr } = await check(`${map}---\n${map}`)
    expect(code).toBe(1)
    expect(stderr).toContain('ConfigMap/mastodon/x is rendered twice')
  })
})

describe('a wrong command line is one sentence', () => {
  test.for([
    [
      ['--helm', '5'],
      'check-values: --helm 5 is not known. Write 3 or 4, or leave it out for both.',
    ],
    [
      ['--kube', '1.20'],
      'check-values: --kube 1.20 is not known. Write a version from 1.30 to 1.37.',
    ],
    [
      ['--chart', '/tmp'],
      "check-values: /tmp is no chart, it has no Chart.yaml. Name a chart's folder.",
    ],
    [
      ['--values'],
      "check-values: option '-f, --values <value>' argument missing. Usage: npm start -- [-f values.yaml]… [--helm 3|4] [--kube 1.36] [--chart DIR] [--json] [--quiet]",
    ],
  ] as const)('%s', ([args, sentence]) => {
    expect(() => readOptions(args)).toThrow(sentence)
  })

  test('as a user sees it', async () => {
    expect(await start(['--kube', '1.20'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'check-values: --kube 1.20 is not known. Write a version from 1.30 to 1.37.\n',
    })
  })

  test('and so is a Helm that is not there', async () => {
    const { code, stdout, stderr } = await start(['--helm', '4', '--quiet'], {
      HELM4_BIN: '/nowhere/helm',
    })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^[^\n]*HELM4_BIN[^\n]*\n$/)
  })
})
