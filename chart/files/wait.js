// Waits until PostgreSQL and Redis accept connections: streaming ends with 0 if they do not.
const net = require('node:net')
const env = process.env
process.on('SIGTERM', () => process.exit(143))
// The error of URL would print the password.
function parse(name) {
  if (URL.canParse(env[name])) return new URL(env[name])
  console.error(`${name} is not a URL. Escape special characters in its password (%40 for @).`)
  process.exit(1)
}
const address = (name, host, port) =>
  env[name] ? parse(name) : { hostname: host || 'localhost', port }
const servers = {
  PostgreSQL: address('DATABASE_URL', env.DB_HOST, env.DB_PORT || 5432),
  Redis: address('REDIS_URL', env.REDIS_HOST, env.REDIS_PORT || 6379),
}
if (env.REDIS_SENTINELS) delete servers.Redis
function wait(name, { hostname, port }) {
  const again = (error) => {
    console.log(`Waiting for ${name}: ${error.message}`)
    setTimeout(() => wait(name, { hostname, port }), 2000)
  }
  const fallback = name === 'Redis' ? 6379 : 5432
  const socket = net.connect(
    { host: hostname.replace(/^\[|\]$/g, ''), port: port || fallback },
    () => socket.destroy(),
  )
  socket.setTimeout(5000, () => socket.destroy(new Error('no answer')))
  socket.on('error', again)
}
for (const [name, where] of Object.entries(servers)) wait(name, where)
