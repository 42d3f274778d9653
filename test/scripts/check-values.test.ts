// npm start: what passes.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { canary, containsSecret, optionalTool, parseYaml } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { examples, minors, renderExample } from '../rules/project.ts'
import { createWorkspace, rendered } from './fixtures/check-values.ts'

const hasKubeconform = (await optionalTool('kubeconform')) !== undefined
const { start, check, file } = createWorkspace()

describe('all examples', async () => {
  const { code, stdout, stderr } = await check([])
  const rows = stdout.split('\n').map((line) => line.split(/ {2,}/))

  test('pass with both Helms in all minors, and the table says so', () => {
    expect(stderr).not.toContain('problem')
    expect(code).toBe(0)
    const columns = [4, 4 + minors.length] as const
    expect(rows[0]?.slice(...columns)).toEqual(minors.map((minor) => `v${minor}`))
    const passed = rows.filter((row) => row.at(-1) === 'passed')
    expect(passed.map(([name, helm]) => `${name} ${helm?.[0]}`)).toEqual(
      examples.flatMap((name) => [`${name} 3`, `${name} 4`]),
    )
    for (const row of passed) expect(row.slice(...columns)).toEqual(minors.map(() => 'ok'))
  })

  test('are listed on standard error while it runs', () => {
    for (const [index, name] of examples.entries())
      expect(stderr).toContain(`[${index + 1}/${examples.length}] ${name}\n`)
    const second = hasKubeconform
      ? `kubeconform, Kubernetes ${minors.join(', ')}\n`
      : 'kubeconform did not run: '
    expect(stderr).toContain(second)
  })

  test('say what must exist beforehand', () => {
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
  const newest = minors.at(-1) ?? ''
  const secret = canary('smtp.password')
  const values = `smtp: {server: mail.example.com, fromAddress: a@example.com, password: {value: '${secret}'}}\n`
  const path = file('canary-values.yaml', values)
  const args = ['-f', path, '--helm', '4', '--kube', newest, '--json']
  const { code, stdout, stderr } = await start(args)
  const folder = join(rendered, 'canary-values')

  test('pass, and the output is JSON', () => {
    if (hasKubeconform) expect(stderr).toBe('')
    expect(code).toBe(0)
    const { ok, kubernetes, sets } = JSON.parse(stdout)
    expect([ok, kubernetes]).toEqual([true, [newest]])
    expect(sets[0]).toMatchObject({ name: 'canary-values', ok: true, findings: [], needs: [] })
    expect(sets[0].helms).toHaveLength(1)
    expect(sets[0].helms[0]).toMatchObject({ helm: 4, kubernetes: { [newest]: true } })
  })

  test('are written without the secrets', () => {
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    expect(texts.filter((text) => containsSecret(text, secret))).toEqual([])
    const [masked] = texts.filter((text) => text.includes('kind: Secret'))
    expect(masked).toContain('SMTP_PASSWORD: (masked)')
  })

  test('are not printed', () => expect(containsSecret(stdout, secret)).toBe(false))
})
