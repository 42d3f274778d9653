import { randomBytes } from 'node:crypto'
import { type Answer, ask, type Client } from './client.ts'
import { exec } from './kubectl.ts'
import { eventually } from './wait.ts'

/** A running instance: the addresses of its Services, and the domain that it serves. */
export interface Instance {
  readonly client: Client
  readonly host: string
  readonly web: string
  readonly streaming: string
}

/** What the stand-in says about itself. */
export interface State {
  readonly version: string
  readonly visits: number
  readonly accounts: readonly string[]
  readonly schedulers: readonly string[]
  readonly sidekiq: readonly { host: string; queues: readonly string[] }[]
  readonly queues: Readonly<Record<string, number>>
  readonly pending_migrations: readonly string[]
}

/** Asks web through its Service. */
export function web(instance: Instance, path: string, upload?: string): Promise<Answer> {
  const { client, host } = instance
  return ask(client, { url: `http://${instance.web}${path}`, host, upload })
}

/** The body of a page, which must be there. */
export async function page(instance: Instance, path: string, upload?: string): Promise<unknown> {
  const { status, body } = await web(instance, path, upload)
  if (status >= 200 && status < 300) return JSON.parse(body)
  throw new Error(`${path} answered ${status}: ${body.slice(0, 300)}`)
}

/** The stand-in's state: rows, queues, processes, schedulers. */
export async function state(instance: Instance): Promise<State> {
  const { status, body } = await web(instance, '/stand-in/state')
  if (status === 200) return JSON.parse(body) as State
  const images = 'these tests need the stand-in images (docs/testing-on-a-cluster.md)'
  throw new Error(`/stand-in/state answered ${status}, ${images}: ${body.slice(0, 300)}`)
}

/** Loads the front page, which enqueues a job, and waits until Sidekiq has run it. */
export async function jobRuns(instance: Instance): Promise<void> {
  const before = (await state(instance)).visits
  await page(instance, '/')
  await eventually('A Sidekiq job that writes a row', async () => {
    return (await state(instance)).visits > before
  })
}

/** The size of what `uploadSeen` uploads. */
export const uploadSize = 1200

/** Uploads through web and waits until a Sidekiq job has read the file; returns the size that the job saw. */
export async function uploadSeen(instance: Instance, name: string): Promise<number> {
  await page(instance, `/api/v1/media/${name}`, randomBytes(uploadSize / 2).toString('hex'))
  return eventually('An upload that Sidekiq sees', () => seenBytes(instance, name))
}

/** The size of an uploaded file as Sidekiq saw it; undefined before that. */
export async function seenBytes(instance: Instance, name: string): Promise<number | undefined> {
  const media = (await page(instance, `/api/v1/media/${name}`)) as { seen_bytes: number | null }
  return media.seen_bytes ?? undefined
}

/**
 * Opens a WebSocket with a token, loads the front page, and returns what streaming sent in the meantime; `at` is
 * how clients reach streaming, if not by its Service.
 */
export async function streamed(
  instance: Instance,
  at?: { readonly url: string; readonly flags: readonly string[] },
): Promise<string> {
  const { namespace, pod } = instance.client
  const { access_token } = (await page(instance, '/stand-in/token', '')) as { access_token: string }
  const upgrade = [
    ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...(at ? [] : [`Host: ${instance.host}`]),
    `Sec-WebSocket-Protocol: ${access_token}`,
  ].flatMap((header) => ['-H', `'${header}'`])
  const { url, flags } = at ?? { url: `http://${instance.streaming}`, flags: [] }
  const curl = ['curl -sN --http1.1 --max-time 20', ...flags, ...upgrade].join(' ')
  const socket = `${curl} ${url}/api/v1/streaming?stream=public`
  const load = `curl -s --max-time 10 -o /dev/null -H 'Host: ${instance.host}' -H 'X-Forwarded-Proto: https' http://${instance.web}/`
  // A frame has no end of line, so it ends at the first brace; tr removes its first bytes, which are not text.
  const read = 'read -r -t 15 -d "}" frame <&3; kill $!; printf %s "$frame" | tr -cd "[:print:]"'
  const script = `{ sleep 2; ${load}; } & exec 3< <(${socket}); ${read}`
  return exec(namespace, pod, ['bash', '-c', script])
}
