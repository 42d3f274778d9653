// npm start: what is refused, and with which message.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandResult, copyChart, optionalTool } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { chart, minors } from '../rules/project.ts'
import { createWorkspace, rendered } from './fixtures/check-values.ts'

const hasKubeconform = (await optionalTool('kubeconform')) !== undefined
const { dir, start, check, file } = createWorkspace()

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
  const { code, stderr } = await check([...paths.flatMap((path) => ['-f', path]), '--quiet'])

  test('are all reported at once, each in one sentence', () => {
    expect(code).toBe(1)
    expect(stderr.split('\n').slice(1, -1)).toEqual([
      '  twice.yaml:3:3 sets the key "replicas" twice. Keep one of them.',
      '  open.yaml:2:1 is not YAML: missed comma between flow collection entries. Correct it; two spaces, no tabs, "key: value".',
      '  list.yaml is a list, not a map of values. Begin with a key, for example "image:".',
      '  text.yaml is plain text, not a map of values. Begin with a key, for example "image:".',
      '  several.yaml holds several YAML documents. Put each into a file of its own.',
      '  tab.yaml:2:1 is not YAML: tab characters must not be used in indentation. Correct it; two spaces, no tabs, "key: value".',
      '  binary.yaml is not UTF-8 text. Save it as UTF-8.',
      '  nowhere.yaml does not exist. Name a values file that does.',
      `  ${dir} is a folder. Name a values file.`,
    ])
  })
})

describe('values that are wrong', async () => {
  const first = file('wrong.yaml', 'mastodon: {localDomian: example.com}\nweb: {replicas: many}\n')
  const second = file('more.yaml', 'storage:\n  system:\n    type: nfs\n')
  const { code, stdout, stderr } = await check(['-f', first, '-f', second])

  test('are reported by the schema and by the rules at once, with the line that sets them', () => {
    expect(code).toBe(1)
    expect(stderr).toContain(
      [
        'wrong+more: 4 problems',
        '  mastodon.localDomian: is not a known key. Did you mean localDomain? (wrong.yaml:1)',
        '  web.replicas: must be a whole number (wrong.yaml:2)',
        '  storage.system.nfs.server: required when storage.system.type is nfs. Set the host or address of the NFS server. (more.yaml:2)',
        '  storage.system.nfs.path: required when storage.system.type is nfs. Set the exported directory. (more.yaml:2)',
        '',
      ].join('\n'),
    )
  })

  test('come with a command that fails in the same way', async () => {
    const command = /to see it: helm (template .*) # Helm 3\n/.exec(stderr)?.[1] ?? ''
    expect(command).toMatch(
      /^template mastodon \/.*chart -n mastodon -f \.\/wrong\.yaml -f \.\/more\.yaml/,
    )
    const failure = await chart.renderFails({ files: [first, second], helm: 3, schema: 'skip' })
    expect(failure.lines).toContain(
      'storage.system.nfs.path: required when storage.system.type is nfs. Set the exported directory.',
    )
  })

  test('have a row in the table', () => {
    expect(stdout).toMatch(/^wrong\+more +- +- .* FAILED$/m)
    expect(existsSync(join(rendered, 'wrong+more'))).toBe(false)
  })
})

describe('a broken chart', async () => {
  const newest = minors.at(-1) ?? ''
  const copy = copyChart(chart.path, join(dir, 'chart'))
  const values = file('fine.yaml', 'mastodon: {localDomain: example.com}\nweb: {replicas: 2}\n')
  const checkWith = (template: string): Promise<CommandResult> => {
    writeFileSync(join(copy, 'templates/zz-broken.yaml'), template)
    return check(['--chart', copy, '-f', values, '--helm', '4', '--kube', newest, '--quiet'])
  }

  test('is reported with the template and its line', async () => {
    const { code, stderr } = await checkWith(
      'kind: ConfigMap\nname: {{ .Values.mastodon.nothing.more }}\n',
    )
    expect(code).toBe(1)
    expect(stderr).toContain('fine: 1 problem\n')
    expect(stderr).toContain(
      'nil pointer evaluating interface {}.more (./chart/templates/zz-broken.yaml:2:',
    )
    expect(stderr).toContain('to see it: helm template mastodon ./chart -n mastodon -f ./fine.yaml')
  })

  test('is refused by ajv, by kubeconform and by the rules; a wrong value of a Secret is not shown', async () => {
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: {name: lost}\nspec: {ports: [], prots: []}\n'
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData: {pin: 271828}\n'
    const map =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  pods: {{ .Values.web.replicas }}\n'
    const { code, stderr } = await checkWith(`${service}---\n${secret}---\n${map}`)
    expect(code).toBe(1)
    expect(stderr).toContain(
      `kubernetes-schema: Service/lost spec.prots: Kubernetes ${newest}: unknown field (chart/templates/zz-broken.yaml:4)\n`,
    )
    expect(stderr).toMatch(
      /ConfigMap\/x data\.pods: .*must be string.* \(fine\.yaml:2 sets web\.replicas, chart\/templates\/zz-broken\.yaml:15\)\n/,
    )
    if (hasKubeconform)
      expect(stderr).toMatch(
        /kubeconform: Service\/lost: .*additional properties 'prots' not allowed/,
      )
    expect(stderr).toContain('labels-complete: Service/lost: lacks the labels ')
    expect(stderr).toContain(`Secret/x stringData.pin: Kubernetes ${newest}: must be string`)
    expect(stderr).not.toContain('271828')
    expect(stderr).toContain('to see it: helm template mastodon ./chart -n mastodon -f ./fine.yaml')
  })

  test('is refused when it renders an object twice', async () => {
    const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n'
    const { code, stderr } = await checkWith(`${map}---\n${map}`)
    expect(code).toBe(1)
    expect(stderr).toContain('ConfigMap/mastodon/x is rendered twice')
  })
})

test('a Helm that is not there is one sentence', async () => {
  const env = { HELM4_BIN: '/nowhere/helm' }
  const { code, stdout, stderr } = await start(['--helm', '4', '--quiet'], env)
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^(kubeconform did not run[^\n]*\n)?[^\n]*HELM4_BIN[^\n]*\n$/)
})
