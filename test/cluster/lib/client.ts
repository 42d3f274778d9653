import { apply, exec, kubectl } from './kubectl.ts'

/** The image of the client: it has curl, and the cluster has it anyway. */
export const mastodonImage = 'ghcr.io/mastodon/mastodon'

/** A pod that asks the instance from inside the cluster, as a reverse proxy would. */
export interface Client {
  readonly namespace: string
  readonly pod: string
}

/** An HTTP answer. */
export interface Answer {
  readonly status: number
  readonly body: string
}

/** How to ask: the address, and what a reverse proxy in front would say. */
export interface Request {
  readonly url: string
  readonly host?: string
  readonly upload?: string
}

/** A pod that passes Pod Security "restricted"; what is special comes from the caller. */
export function restrictedPod(
  name: string,
  {
    image,
    command,
    user = 991,
    ...rest
  }: {
    image: string
    command: readonly string[]
    user?: number
    env?: readonly object[]
    volumes?: readonly object[]
    volumeMounts?: readonly object[]
    labels?: Readonly<Record<string, string>>
  },
): object {
  const { volumes = [], labels = {}, ...container } = rest
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'cluster-test': name, ...labels } },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      volumes,
      containers: [
        {
          name: 'main',
          image,
          command,
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          ...container,
        },
      ],
    },
  }
}

/** Starts the client in a namespace. */
export async function startClient(namespace: string, pod = 'client'): Promise<Client> {
  const image = `${mastodonImage}:v4.7.2`
  await apply([restrictedPod(pod, { image, command: ['sleep', 'infinity'] })], namespace)
  await kubectl(['wait', `pod/${pod}`, '--for=condition=Ready', '--timeout=180s'], { namespace })
  return { namespace, pod }
}

/** Asks once; an answer of any status is an answer, no connection is an error. */
export async function ask(client: Client, request: Request): Promise<Answer> {
  const upload = request.upload === undefined ? [] : ['--data-binary', '@-']
  const words = ['curl', '-sS', '--max-time', '20', ...headers(request), ...upload]
  const input = request.upload === undefined ? {} : { input: request.upload }
  const text = await exec(
    client.namespace,
    client.pod,
    [...words, '--write-out', '\n%{http_code}', request.url],
    input,
  )
  const end = text.lastIndexOf('\n')
  return { status: Number(text.slice(end + 1)), body: text.slice(0, end) }
}

function headers({ host }: Request): string[] {
  return host === undefined ? [] : ['-H', `Host: ${host}`, '-H', 'X-Forwarded-Proto: https']
}

/** A loop of requests that runs in the client's pod until it is stopped. */
export interface RequestLoop {
  /** Ends the loop: one entry per request, with the seconds since the epoch and the status (0: none). */
  stop(): Promise<readonly { at: number; status: number }[]>
}

/** Asks again and again, about five times a second, on a new connection each time. */
export async function startLoop(client: Client, request: Request): Promise<RequestLoop> {
  const quoted = headers(request)
    .map((word) => `'${word}'`)
    .join(' ')
  const once = `curl -s -o /dev/null --max-time 10 -w '%{http_code}' ${quoted} '${request.url}'`
  const script = `rm -f /tmp/stop; while [ ! -e /tmp/stop ]; do at=$(date +%s.%N); echo "$at $(${once})"; sleep 0.2; done >/tmp/loop.log 2>/dev/null; touch /tmp/stopped`
  const shell = (text: string) => exec(client.namespace, client.pod, ['bash', '-c', text])
  await shell(`rm -f /tmp/stopped; (${script}) </dev/null >/dev/null 2>&1 & disown`)
  const wait = 'until [ -e /tmp/stopped ]; do sleep 0.1; done'
  return {
    async stop() {
      const text = await shell(`touch /tmp/stop; ${wait}; cat /tmp/loop.log`)
      return text
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number))
        .map(([at = 0, status = 0]) => ({ at, status }))
    },
  }
}

/** The longest time without a good answer in a loop, in seconds. */
export function outage(answers: readonly { at: number; status: number }[]): number {
  const good = answers.filter(({ status }) => status === 200).map(({ at }) => at)
  const gaps = good.slice(1).map((at, index) => at - (good[index] ?? at))
  return Math.max(0, ...gaps)
}
