// How the streaming server reaches Redis: the URL, else the Sentinels, else a host.
import { Redis } from 'ioredis'
import { integer } from './utils.js'

// Both families: ioredis would only take IPv4.
const common = { family: 0 }

/** The configuration of a connection: a URL, if that is set, and options. */
export function configFromEnv(env) {
  if (env.REDIS_URL) return { url: env.REDIS_URL, options: common }
  const login = {
    db: integer(env.REDIS_DB, 0, 'REDIS_DB'),
    username: env.REDIS_USER,
    password: env.REDIS_PASSWORD,
    ...common,
  }
  if (env.REDIS_SENTINELS && env.REDIS_SENTINEL_MASTER) {
    return { options: { ...login, ...sentinels(env) } }
  }
  const port = integer(env.REDIS_PORT, 6379, 'REDIS_PORT')
  return { options: { ...login, host: env.REDIS_HOST ?? '127.0.0.1', port } }
}

function sentinels(env) {
  const usual = integer(env.REDIS_SENTINEL_PORT, 26379, 'REDIS_SENTINEL_PORT')
  return {
    name: env.REDIS_SENTINEL_MASTER,
    sentinels: env.REDIS_SENTINELS.split(',').map((address) => {
      const [host, port = usual] = address.split(':')
      return { host, port, ...common }
    }),
    sentinelUsername: env.REDIS_SENTINEL_USERNAME ?? env.REDIS_USER,
    sentinelPassword: env.REDIS_SENTINEL_PASSWORD ?? env.REDIS_PASSWORD,
  }
}

/** A client, which connects at once and again and again. Its errors are only logged. */
export function createClient({ url, options }, logger) {
  const client = url ? new Redis(url, options) : new Redis(options)
  client.on('error', (err) => logger.error({ err }, 'Redis Client Error!'))
  return client
}
