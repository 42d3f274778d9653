// Scenarios of logins that servers refuse: a PostgreSQL that insists on TLS, and a Valkey with a password.
import { expect } from 'vitest'
import type { Database } from './database.ts'
import { apply, secret } from './kubectl.ts'
import { podsOf, statusesOf } from './pods.ts'
import { plan, type Scenario } from './scenario.ts'
import { startPostgresql, startValkey } from './services.ts'
import { eventually } from './wait.ts'

/** The password of both servers. */
export const password = 'correct-horse'

/** A namespace with both servers; the chart is not installed yet. */
export async function planLogins(title: string): Promise<Scenario & { database: Database }> {
  const scenario = await plan({ title, helm: 4, host: 'mastodon.example' })
  const { namespace } = scenario.release
  const user = { user: 'fedi', database: 'toots', password }
  const database = await startPostgresql(namespace, 'db', user, ['db.example'])
  await startValkey(namespace, 'redis', password)
  await apply([secret('db', { password })], namespace)
  return { ...scenario, database }
}

/** Gives the release this password of Redis. */
export function knowRedis(scenario: Scenario, known: string): Promise<void> {
  return apply([secret('redis', { password: known })], scenario.release.namespace)
}

/** Values that lead to both servers, and these about PostgreSQL. */
export function loginValues(postgresql: object = {}): object {
  const credential = (name: string) => ({ existingSecret: name, key: 'password' })
  return {
    // Instead of a minute.
    pod: { env: { LOGIN_PATIENCE: 3 } },
    postgresql: {
      ...{ mode: 'external', host: 'db', user: 'fedi', database: 'toots' },
      ...{ password: credential('db'), ...postgresql },
    },
    redis: { mode: 'external', host: 'redis', password: credential('redis') },
  }
}

/** A container of the component ends with 1 and this sentence, sooner or later. */
export async function expectRefusal(
  scenario: Scenario,
  component: string,
  sentence: string,
): Promise<void> {
  const ended = await eventually(`The refusal "${sentence}" of ${component}`, async () => {
    const states = (await podsOf(scenario, component))
      .flatMap(statusesOf)
      .flatMap(({ state, lastState }) => [state?.terminated, lastState?.terminated])
    return states.find((state) => state?.message?.includes(sentence))
  })
  expect(ended.exitCode).toBe(1)
}
