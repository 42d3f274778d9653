// Servers of the outside world, in pods, with certificates of an authority that nobody else knows.
import type { Client } from './client.ts'
import { apply, exec, kubectl, secret } from './kubectl.ts'
import { service } from './services.ts'
import { type PodOptions, startPod } from './start-pod.ts'

/** The folder of an authority in the client's pod; its file `ca.crt` is for curl. */
export const folderOf = (name: string): string => `/tmp/${name}`

const make = (name: string, hosts: readonly string[]) => `
  mkdir -p ${folderOf(name)}; cd ${folderOf(name)}
  { openssl req -x509 -newkey rsa:2048 -nodes -days 9 -subj /CN=${name} -keyout ca.key -out ca.crt
    openssl req -newkey rsa:2048 -nodes -keyout tls.key -out tls.csr -subj /CN=server
    openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -days 9 -out tls.crt \\
      -extfile <(echo subjectAltName=${hosts.map((host) => `DNS:${host}`)}); } >/dev/null 2>&1
  for file in ca.crt tls.crt tls.key; do cat $file; echo '#'; done`

/** Makes an authority and its certificate for these hosts, in the Secret `name`; returns `caBundle` with it. */
export async function makeAuthority(
  { namespace, pod }: Client,
  name: string,
  hosts: readonly string[],
): Promise<object> {
  const pem = (await exec(namespace, pod, ['bash', '-ec', make(name, hosts)])).split('#\n')
  const [ca = '', certificate = '', key = ''] = pem
  const files = { 'ca.crt': ca, 'tls.crt': certificate, 'tls.key': key }
  await apply([secret(name, files)], namespace)
  return { existingSecret: name, key: 'ca.crt' }
}

/** A server, and the authority whose certificate it has. */
export interface ServerOptions extends Pick<PodOptions, 'image' | 'command'> {
  readonly authority: string
  readonly port: number
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a server that finds its certificate in /tls, and may write to /data; its pod and its Service have the same name. */
export async function startServer(
  namespace: string,
  name: string,
  { authority, port, env = {}, ...pod }: ServerOptions,
): Promise<void> {
  await apply([service(name, name, port)], namespace)
  await startPod(namespace, name, {
    ...pod,
    env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
    volumes: [
      { name: 'tls', secret: { secretName: authority, defaultMode: 0o440 } },
      { name: 'data', emptyDir: {} },
    ],
    volumeMounts: [
      { name: 'tls', mountPath: '/tls', readOnly: true },
      { name: 'data', mountPath: '/data' },
    ],
    ready: ['bash', '-c', `</dev/tcp/127.0.0.1/${port}`],
  })
}

/** Starts a program of the image `servers` of the lab. */
export function startNodeServer(
  namespace: string,
  name: string,
  program: 'oidc.js' | 'smtp.js',
  { env, ...options }: Omit<ServerOptions, 'command' | 'image'>,
): Promise<void> {
  return startServer(namespace, name, {
    ...options,
    image: 'registry.example.com/servers:1',
    command: ['node', `/opt/servers/${program}`],
    env: { ...env, PORT: String(options.port) },
  })
}

/** What such a program has seen, line by line. */
export async function seenBy(
  namespace: string,
  name: string,
): Promise<readonly Record<string, unknown>[]> {
  const lines = (await kubectl(['logs', name, '--tail=-1'], { namespace })).split('\n')
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
}
