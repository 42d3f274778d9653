import { exec } from './kubectl.ts'
import { idle, startPod } from './start-pod.ts'

/** A pod that makes requests from inside the cluster, as a reverse proxy would. */
export interface Client {
  readonly namespace: string
  readonly pod: string
}

/** An HTTP answer. */
export interface Answer {
  readonly status: number
  readonly body: string
}

/** A request; `host` is what a reverse proxy in front would pass on. */
export interface Request {
  readonly url: string
  readonly host?: string
  readonly upload?: string | undefined
}

/** Starts the client in a namespace. */
export async function startClient(namespace: string): Promise<Client> {
  const pod = 'client'
  await startPod(namespace, pod, idle)
  return { namespace, pod }
}

/** Makes one request. An answer of any status is returned; no connection is an error. */
export async function ask({ namespace, pod }: Client, request: Request): Promise<Answer> {
  const { url, upload } = request
  const command = [
    ...['curl', '-sS', '--max-time', '20', ...headers(request)],
    ...(upload === undefined ? [] : ['--data-binary', '@-']),
    ...['--write-out', '\n%{http_code}', url],
  ]
  const text = await exec(namespace, pod, command, { input: upload })
  const end = text.lastIndexOf('\n')
  return { status: Number(text.slice(end + 1)), body: text.slice(0, end) }
}

function headers({ host }: Request): string[] {
  return host === undefined ? [] : ['-H', `Host: ${host}`, '-H', 'X-Forwarded-Proto: https']
}

/** A request of a loop: when it began, in seconds since the epoch, and its status (0: no answer). */
export interface LoopAnswer {
  readonly at: number
  readonly status: number
}

/** Makes about five requests a second, each on a new connection; `stop` returns an entry for each. */
export async function startLoop(
  client: Client,
  request: Request,
): Promise<{ stop(): Promise<readonly LoopAnswer[]> }> {
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
export function outage(answers: readonly LoopAnswer[]): number {
  const good = answers.filter(({ status }) => status === 200).map(({ at }) => at)
  const gaps = good.slice(1).map((at, index) => at - (good[index] ?? at))
  return Math.max(0, ...gaps)
}
