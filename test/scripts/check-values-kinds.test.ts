// npm start: objects of the user whose kinds are not Kubernetes' own, and the release's name.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandResult, optionalTool } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { minors } from '../rules/project.ts'
import { createWorkspace, rendered } from './fixtures/check-values.ts'

const hasKubeconform = (await optionalTool('kubeconform')) !== undefined
const { dir, check, file } = createWorkspace()
const newest = minors.at(-1) ?? ''
const quick = ['--helm', '4', '--kube', newest]

/** Values whose keys an operator makes, and what leads to the release's Services. */
const values = (more = ''): string => `
mastodon: {localDomain: example.com}
secrets: {existingSecret: mastodon-keys}
extraObjects:
  - apiVersion: external-secrets.io/v1
    kind: ExternalSecret
    metadata: {name: from-vault}
    spec: {target: {name: mastodon-keys}, dataFrom: [{extract: {key: mastodon}}]}
  - apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: web}
    spec: {rules: [{backendRefs: [{name: mastodon-web, port: 3000}]}]}
  - apiVersion: traefik.io/v1alpha1
    kind: Middleware
    metadata: {name: headers}
    spec: {headers: {stsSeconds: 3600}}
  - apiVersion: apps/v1
    kind: DaemonSet
    metadata: {name: logs}
    spec:
      selector: {matchLabels: {app: logs}}
      template:
        metadata: {labels: {app: logs}}
        spec: {containers: [{name: logs, image: 'logs:1.0.0'}]}
${more}`

describe('kinds without a schema', async () => {
  const path = file('kinds.yaml', values())
  const { code, stdout, stderr } = await check(['-f', path])

  test('pass with one warning in all minors, for both validators', () => {
    expect(stderr.split('\n').filter((line) => line.includes('not checked'))).toEqual([
      'kinds: warning: not checked, because there is no schema of apps/v1 DaemonSet, traefik.io/v1alpha1 Middleware. --schemas DIR names a folder that has them: daemonset-apps-v1.json, middleware-traefik-v1alpha1.json.',
    ])
    expect(code).toBe(0)
    expect(stdout).not.toContain('NO')
  })

  test('a Secret that an operator makes need not exist before the install', () => {
    expect(stdout).not.toContain('needs Secret')
  })
})

test('kinds of common operators are checked in all minors, by both validators', async () => {
  const wrong = values().replace('backendRefs: [{name', 'backendRefs: [{nmae')
  const { code, stderr } = await check(['-f', file('wrong-kinds.yaml', wrong), '--helm', '4'])
  expect(code).toBe(1)
  const place = 'HTTPRoute/web spec.rules[0].backendRefs[0]'
  const all = `Kubernetes ${minors.join(', ')}`
  expect(stderr).toContain(`kubernetes-schema: ${place}.nmae: ${all}: unknown field`)
  if (hasKubeconform)
    expect(stderr).toMatch(
      /kubeconform: HTTPRoute\/web: .*additional properties 'nmae' not allowed/,
    )
})

describe('with --schemas', async () => {
  const [path, schemas] = [file('with-schemas.yaml', values()), join(dir, 'schemas')]
  mkdirSync(schemas)
  const checkWith = (stsSeconds: string): Promise<CommandResult> => {
    const headers = { properties: { stsSeconds: { type: stsSeconds } } }
    const schema = { type: 'object', properties: { spec: { properties: { headers } } } }
    writeFileSync(join(schemas, 'middleware-traefik-v1alpha1.json'), JSON.stringify(schema))
    return check(['-f', path, '--schemas', 'schemas', ...quick])
  }

  test('other kinds are checked', async () => {
    const { code, stderr } = await checkWith('integer')
    expect(code).toBe(0)
    expect(stderr).toContain('no schema of apps/v1 DaemonSet. --schemas')
  })

  test('and what is wrong with them is found', async () => {
    const { code, stderr } = await checkWith('string')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /kubernetes-schema: Middleware\/headers spec\.headers\.stsSeconds: .* must be string/,
    )
  })

  test('a schema of the user replaces ours', async () => {
    writeFileSync(
      join(schemas, 'httproute-gateway-v1.json'),
      JSON.stringify({ required: ['mine'] }),
    )
    const { code, stderr } = await checkWith('integer')
    expect(code).toBe(1)
    expect(stderr).toContain('HTTPRoute/web mine: ')
  })
})

test('a kind that Kubernetes does not have is refused, once for all minors', async () => {
  const lost = '  - {apiVersion: policy/v1beta1, kind: PodSecurityPolicy, metadata: {name: lost}}\n'
  const { code, stderr } = await check(['-f', file('lost.yaml', values(lost)), '--helm', '4'])
  expect(code).toBe(1)
  expect(stderr).toContain(
    `PodSecurityPolicy/lost: Kubernetes ${minors.join(', ')}: there is no kind PodSecurityPolicy in policy/v1beta1. Correct apiVersion or kind.`,
  )
})

test('objects of the user may mean what is not of this release', async () => {
  const more = `
  - apiVersion: v1
    kind: Service
    metadata: {name: minio}
    spec: {selector: {app: minio}, ports: [{port: 9000}]}
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: {name: ci}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
    subjects: [{kind: ServiceAccount, name: ci, namespace: ci}]
`
  const { code, stdout, stderr } = await check(['-f', file('means.yaml', values(more)), ...quick])
  expect([code, stdout.includes('needs')]).toEqual([0, false])
  expect(stderr).toContain(
    'means: warning: selector-selects: Service/minio spec.selector: selects no pod',
  )
})

test('what cannot be rendered any more leaves nothing of an earlier run', async () => {
  const folder = join(rendered, 'breaks')
  await check(['-f', file('breaks.yaml', 'web: {}\n'), ...quick])
  expect(existsSync(folder)).toBe(true)
  await check(['-f', file('breaks.yaml', 'webb: {}\n'), ...quick])
  expect(existsSync(folder)).toBe(false)
})

describe('the release', () => {
  const plain = 'mastodon: {localDomain: example.com}\n'

  test.each([
    ['00 My file!.yaml', '00_My_file_'],
    ['..yaml', '_'],
    ['...yaml', '_'],
    ['.yaml', '_'],
    ['.hidden.yaml', '_hidden'],
  ])('of %s is mastodon, in a folder called %s', async (name, folder) => {
    const path = file(name, plain)
    const { code, stdout, stderr } = await check(['-f', path, ...quick])
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^${folder} +4\\.\\S+ .* passed$`, 'm'))
    expect(stderr).toContain('checked as the release mastodon; --release names another\n')
    expect(existsSync(join(rendered, folder, 'deployment-mastodon-web.yaml'))).toBe(true)
  })

  test('may be named, and the namespace', async () => {
    const names = ['--release', 'fedi', '-n', 'social']
    const { code, stderr } = await check(['-f', file('named.yaml', plain), ...names, ...quick])
    expect([code, stderr.includes('--release')]).toEqual([0, false])
    expect(existsSync(join(rendered, 'named/deployment-fedi-mastodon-web.yaml'))).toBe(true)
    const other = await check(['-f', file('other.yaml', values()), ...names, ...quick])
    expect(other.stderr).toContain(
      'other: warning: reference-exists: HTTPRoute/web spec.rules[0].backendRefs[0].name: Service/mastodon-web is neither rendered nor declared external. Nearest: fedi-mastodon-web, ',
    )
  })
})
