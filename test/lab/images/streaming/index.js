// A stand-in for Mastodon's streaming server: the same port, paths, environment and signals, and the same behaviour
// when a database is missing. It is healthy then, answers 500, and recovers; PostgreSQL lost later ends it with 0.
import { createHash } from 'node:crypto'
import { createServer, STATUS_CODES } from 'node:http'
import * as Database from './database.js'
import * as Redis from './redis.js'

const env = process.env
const clients = new Set()
let sent = 0

const write = (level) => (context, msg) =>
  console.log(
    JSON.stringify({
      level,
      time: Date.now(),
      ...(context.err && { err: String(context.err) }),
      msg,
    }),
  )
const logger = { info: write('info'), error: write('error') }

const pool = Database.getPool(Database.configFromEnv(env, env.NODE_ENV), env.NODE_ENV, logger)
const subscriber = Redis.createClient(Redis.configFromEnv(env), logger)
const commander = Redis.createClient(Redis.configFromEnv(env), logger)
const channel = 'timeline:public'

class Refusal extends Error {
  status = 401
}

/** Looks up the token of a request; throws if there is none or if it is not in the database. */
async function authenticate({ url, headers }) {
  const { searchParams } = new URL(url, 'http://localhost')
  const token =
    headers.authorization?.replace(/^Bearer /, '') ??
    searchParams.get('access_token') ??
    headers['sec-websocket-protocol']
  if (!token) throw new Refusal('Missing access token')
  const known = 'SELECT id FROM oauth_access_tokens WHERE token = $1 AND revoked_at IS NULL LIMIT 1'
  const { rows } = await pool.query(known, [token])
  if (rows.length === 0) throw new Refusal('Invalid access token')
}

/** Status and message of an error, as far as the client may know. */
function answerTo(error) {
  if (error instanceof Refusal) return { status: error.status, message: error.message }
  logger.error({ err: error }, 'An unexpected error occurred')
  return { status: 500, message: 'An unexpected error occurred' }
}

/** What each new client asks of Redis. Nobody handles a `set` that fails in the end. */
function subscribe() {
  subscriber.subscribe(
    channel,
    (err) => err && logger.error({ err }, `Error subscribing to ${channel}`),
  )
  commander.set(`subscribed:${channel}`, '1', 'EX', 18 * 60)
}

function frame(text) {
  const body = Buffer.from(text)
  const head =
    body.length < 126
      ? Buffer.from([0x81, body.length])
      : Buffer.from([0x81, 126, body.length >> 8, body.length & 255])
  return Buffer.concat([head, body])
}

subscriber.on('message', (_, payload) => {
  for (const client of clients)
    client.write(frame(JSON.stringify({ stream: ['public'], event: 'update', payload })))
  sent += clients.size
})

function metrics() {
  const lines = [
    '# TYPE connected_clients gauge',
    `connected_clients{type="websocket"} ${clients.size}`,
    '# TYPE messages_sent_total counter',
    `messages_sent_total ${sent}`,
  ]
  return `${lines.join('\n')}\n`
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  const answer = (status, type, body) =>
    response.writeHead(status, { 'content-type': type }).end(body)
  if (pathname === '/api/v1/streaming/health') return answer(200, 'text/plain', 'OK')
  if (pathname === '/metrics') return answer(200, 'text/plain; version=0.0.4', metrics())
  if (!/^\/api\/v1\/streaming\/(user|public)$/.test(pathname))
    return answer(404, 'application/json', '{"error":"Not found"}')
  try {
    await authenticate(request)
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':)\n')
  } catch (error) {
    const { status, message } = answerTo(error)
    answer(status, 'application/json', JSON.stringify({ error: message }))
  }
})

server.on('upgrade', async (request, socket) => {
  socket.on('error', () => clients.delete(socket))
  const key = request.headers['sec-websocket-key']
  if (!/^\/api\/v1\/streaming\/?($|\?)/.test(request.url) || !key)
    return socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
  try {
    await authenticate(request)
  } catch (error) {
    const { status, message } = answerTo(error)
    const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}`
    return socket.end(`${head}\r\nConnection: close\r\nX-Error-Message: ${message}\r\n\r\n`)
  }
  socket.write(upgraded(key, request.headers['sec-websocket-protocol']))
  clients.add(socket)
  subscribe()
  socket.on('data', (data) => {
    if ((data[0] & 15) === 8) socket.end()
  })
  socket.on('close', () => clients.delete(socket))
})

function upgraded(key, protocol) {
  const accept = createHash('sha1')
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

// The end of an idle connection to PostgreSQL arrives here, and so does a command that Redis never answered.
process.on('uncaughtException', (err) => {
  logger.error({ err }, 'Uncaught')
  process.exit(0)
})
process.on('SIGTERM', () => process.exit(0))
process.on('SIGINT', () => process.exit(0))

const port = Number(env.PORT || 4000)
const host = (env.BIND || '127.0.0.1').replace(/[[\]]/g, '')
server.listen(port, host, () => logger.info({}, `Streaming API now listening on ${host}:${port}`))
