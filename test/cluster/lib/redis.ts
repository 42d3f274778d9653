import { exec } from './kubectl.ts'
import { podsOf } from './pods.ts'
import type { Scenario } from './scenario.ts'

/** A Redis in a pod; `port` is where it takes connections without TLS, if not 6379. */
export interface Redis {
  readonly namespace: string
  readonly pod: string
  readonly password: string
  readonly port?: number
}

/** Sends a command to a Redis, and returns the answer. */
export async function redis(server: Redis, ...command: readonly string[]): Promise<string> {
  const { namespace, pod, password, port = 6379 } = server
  // The password goes by standard input, as arguments show up in the logs of the API server.
  const script = `read -r REDISCLI_AUTH; export REDISCLI_AUTH; exec valkey-cli -p ${port} "$@"`
  const words = ['sh', '-c', script, 'sh', ...command]
  const answer = await exec(namespace, pod, words, { container: 'main', input: `${password}\n` })
  return answer.trim()
}

/** The names of all keys. */
export async function keysOf(server: Redis): Promise<string[]> {
  return (await redis(server, 'keys', '*')).split('\n').filter(Boolean).sort()
}

/** The release's components with a connection to a Redis. */
export async function clientsOf(scenario: Scenario, server: Redis): Promise<string[]> {
  const clients = await redis(server, 'client', 'list')
  const pods = (await podsOf(scenario)).filter(({ status }) => status?.phase === 'Running')
  const connected = pods.filter(({ status }) => clients.includes(` addr=${status?.podIP}:`))
  const label = 'app.kubernetes.io/component'
  return [...new Set(connected.map(({ metadata }) => String(metadata?.labels?.[label])))].sort()
}
