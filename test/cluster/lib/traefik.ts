// Traefik, which is both an ingress controller and an implementation of the Gateway API; each has ports of its own here.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from 'chart-harness'
import { root } from '../../rules/project.ts'
import { apply, exec, kubectl, printed } from './kubectl.ts'
import { podLabel } from './start-pod.ts'

/** The ports at which Traefik takes requests for Ingresses, and for routes of the Gateway `public`. */
export const ports = { ingress: 8443, http: 8001, https: 8444 } as const

const modules = readFileSync(join(root, 'test/lab/modules/traefik/go.mod'), 'utf8')

function versionOf(module: string): string {
  const [, version] = new RegExp(`${module} (v\\S+)`).exec(modules) ?? []
  if (version === undefined) throw new Error(`test/lab/modules/traefik/go.mod has no ${module}.`)
  return version
}

/** Installs the kinds of the Gateway API, in the version that this Traefik knows, from its Go module. */
async function installKinds(): Promise<void> {
  const module = 'sigs.k8s.io/gateway-api'
  const args = ['mod', 'download', '-json', `${module}@${versionOf(module)}`]
  const { Dir } = JSON.parse(printed('go', args, await runCommand('go', args, { cwd: '/' })))
  const folder = join(Dir, 'config/crd/standard')
  await kubectl(['apply', '--server-side', '--filename', folder])
  await kubectl(['wait', 'crd/httproutes.gateway.networking.k8s.io', '--for=condition=Established'])
}

const clusterName = 'cluster-test-traefik'

/** Starts Traefik in a namespace, with the Gateway `public` and a certificate that nobody has signed. */
export async function startTraefik(namespace: string): Promise<void> {
  await installKinds()
  const make = `openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=example.com -keyout /tmp/k -out /tmp/c 2>/dev/null; cat /tmp/c; echo; cat /tmp/k`
  const pem = await exec(namespace, 'client', ['sh', '-c', make])
  const [certificate = '', key = ''] = pem.split('\n\n')
  const stringData = { 'tls.crt': `${certificate}\n`, 'tls.key': key }
  const gateway = 'gateway.networking.k8s.io/v1'
  const tls = { mode: 'Terminate', certificateRefs: [{ name: 'certificate' }] }
  const allowedRoutes = { namespaces: { from: 'Same' } }
  const name = 'traefik'
  const args = [
    ...['--providers.kubernetesingress', '--providers.kubernetesgateway', '--log.level=INFO'],
    ...[`--entryPoints.ingress.address=:${ports.ingress}`, '--entryPoints.ingress.http.tls=true'],
    ...[`--entryPoints.http.address=:${ports.http}`, `--entryPoints.https.address=:${ports.https}`],
  ]
  const securityContext = {
    ...{ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    ...{ runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
  }
  const image = `docker.io/library/traefik:${versionOf('github.com/traefik/traefik/v3')}`
  await apply(
    [
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'certificate' },
        type: 'kubernetes.io/tls',
        stringData,
      },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: clusterName },
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'ClusterRole',
          name: 'cluster-admin',
        },
        subjects: [{ kind: 'ServiceAccount', name, namespace }],
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name: clusterName },
        spec: { controller: 'traefik.io/ingress-controller' },
      },
      {
        apiVersion: gateway,
        kind: 'GatewayClass',
        metadata: { name: clusterName },
        spec: { controllerName: 'traefik.io/gateway-controller' },
      },
      {
        apiVersion: gateway,
        kind: 'Gateway',
        metadata: { name: 'public' },
        spec: {
          gatewayClassName: clusterName,
          listeners: [
            { name: 'http', port: ports.http, protocol: 'HTTP', allowedRoutes },
            { name: 'https', port: ports.https, protocol: 'HTTPS', allowedRoutes, tls },
          ],
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: {
          selector: { [podLabel]: name },
          ports: Object.entries(ports).map(([port, number]) => ({ name: port, port: number })),
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels: { [podLabel]: name } },
        spec: {
          serviceAccountName: name,
          terminationGracePeriodSeconds: 1,
          containers: [{ name: 'main', image, args, securityContext }],
        },
      },
    ],
    namespace,
  )
  await kubectl(['wait', 'pod/traefik', '--for=condition=Ready', '--timeout=180s'], { namespace })
}

/** Removes what belongs to no namespace; the kinds of the Gateway API stay. */
export async function removeTraefik(): Promise<void> {
  const kinds = 'clusterrolebinding,ingressclass,gatewayclass'
  await kubectl(['delete', kinds, clusterName, '--ignore-not-found'])
}

/** The class for `ingress.className`. */
export const ingressClass = clusterName

/** The flags with which curl reaches a URL through one of the ports, whatever its host. */
export function through(port: number): string[] {
  return ['-sk', '--path-as-is', '--max-time', '20', '--connect-to', `::traefik:${port}`]
}
