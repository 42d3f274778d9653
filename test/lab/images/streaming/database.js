// How the streaming server reaches PostgreSQL: what each variable means to Node, which is not what it means to libpq.
import pg from 'pg'
import connectionString from 'pg-connection-string'
import { integer } from './utils.js'

// Any other word means TLS with the authority and the host name checked, `prefer` included.
const modes = { disable: false, 'no-verify': { rejectUnauthorized: false } }

function fromVariables(env) {
  const where = {
    host: env.DB_HOST || 'localhost',
    port: integer(env.DB_PORT, 5432, 'DB_PORT'),
    user: env.DB_USER || 'mastodon',
    password: env.DB_PASS || '',
    database: env.DB_NAME || 'mastodon_production',
  }
  return env.DB_SSLMODE ? { ...where, ssl: modes[env.DB_SSLMODE] ?? {} } : where
}

// DB_SSLMODE does not count beside a URL.
function fromUrl(url, password) {
  const { host, port, user, database, options, ssl, ...parsed } = connectionString.parse(url)
  const where = {
    host,
    port: port ? integer(port, 5432, 'DATABASE_URL') : undefined,
    user,
    password: parsed.password || password,
    database,
    options,
  }
  const tls = ssl && typeof ssl === 'object' ? pick(ssl) : ssl
  return Object.fromEntries(
    Object.entries({ ...where, ssl: tls }).filter(([, value]) => value !== undefined),
  )
}

const pick = ({ ca, cert, key, rejectUnauthorized }) => ({ ca, cert, key, rejectUnauthorized })

/** The configuration of the connections. */
export function configFromEnv(env, _environment) {
  return {
    ...(env.DATABASE_URL ? fromUrl(env.DATABASE_URL, env.DB_PASS) : fromVariables(env)),
    max: integer(env.DB_POOL, 10, 'DB_POOL'),
    connectionTimeoutMillis: 15_000,
    application_name: '',
  }
}

let pool

/** The pool of connections; it connects when it is first asked. */
export function getPool(config, _environment, _logger) {
  pool ??= new pg.Pool(config)
  return pool
}
