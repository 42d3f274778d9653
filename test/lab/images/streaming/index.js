// A stand-in for Mastodon's streaming server: the same port, paths, environment and signals, but no dependencies.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { connect } from 'node:net'

const env = process.env
const clients = new Set()
let sent = 0

function redisAddress() {
  if (env.REDIS_URL) {
    const url = new URL(env.REDIS_URL)
    return {
      host: url.hostname,
      port: Number(url.port || 6379),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    }
  }
  return {
    host: env.REDIS_HOST || 'localhost',
    port: Number(env.REDIS_PORT || 6379),
    user: env.REDIS_USER,
    password: env.REDIS_PASSWORD,
  }
}

function databaseAddress() {
  if (env.DATABASE_URL) {
    const url = new URL(env.DATABASE_URL)
    return {
      host: url.hostname,
      port: Number(url.port || 5432),
      user: decodeURIComponent(url.username),
      database: url.pathname.slice(1),
    }
  }
  return {
    host: env.DB_HOST || 'localhost',
    port: Number(env.DB_PORT || 5432),
    user: env.DB_USER || 'mastodon',
    database: env.DB_NAME || 'mastodon_production',
  }
}

function log(level, msg) {
  console.log(JSON.stringify({ level, time: Date.now(), msg }))
}

// A process that cannot reach its servers exits with 0, like the real one.
function giveUp(error) {
  log('error', String(error))
  process.exit(0)
}

// Sends a start-up message and expects the server to ask for a password or to accept the user.
function checkDatabase() {
  const { host, port, user, database } = databaseAddress()
  return new Promise((resolve, reject) => {
    const body = Buffer.from(`user\0${user}\0database\0${database}\0\0`)
    const head = Buffer.alloc(8)
    head.writeInt32BE(body.length + 8, 0)
    head.writeInt32BE(196608, 4)
    const socket = connect({ host, port }, () => socket.write(Buffer.concat([head, body])))
    socket.setTimeout(5000, () =>
      socket.destroy(new Error(`PostgreSQL at ${host}:${port} does not answer`)),
    )
    socket.on('error', reject)
    socket.once('data', (data) => {
      socket.destroy()
      if (data[0] === 0x52) resolve()
      else
        reject(
          new Error(
            `PostgreSQL at ${host}:${port}: ${data.subarray(5).toString().replaceAll('\0', ' ')}`,
          ),
        )
    })
  })
}

const command = (...words) =>
  `*${words.length}\r\n${words.map((w) => `$${Buffer.byteLength(w)}\r\n${w}\r\n`).join('')}`

// What Redis sends to a subscriber: the kind of the message, its channel, then a number or the payload.
const message = /\*3\r\n\$\d+\r\n(\w+)\r\n\$\d+\r\n(.+)\r\n(?::\d+|\$\d+\r\n([\s\S]*?))\r\n/

function subscribe() {
  const { host, port, user, password } = redisAddress()
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => {
      if (password) socket.write(user ? command('AUTH', user, password) : command('AUTH', password))
      socket.write(command('SUBSCRIBE', 'timeline:public'))
    })
    let buffer = ''
    socket.setEncoding('utf8')
    socket.on('error', reject)
    socket.on('close', () => giveUp(`Redis at ${host}:${port} closed the connection`))
    socket.on('data', (data) => {
      buffer += data
      if (/^-/m.test(buffer)) reject(new Error(`Redis at ${host}:${port}: ${buffer.trim()}`))
      for (let found = message.exec(buffer); found; found = message.exec(buffer)) {
        buffer = buffer.slice(found.index + found[0].length)
        const [, kind, , payload] = found
        if (kind === 'subscribe') resolve()
        else broadcast(payload)
      }
    })
  })
}

function frame(text) {
  const body = Buffer.from(text)
  const head =
    body.length < 126
      ? Buffer.from([0x81, body.length])
      : Buffer.from([0x81, 126, body.length >> 8, body.length & 255])
  return Buffer.concat([head, body])
}

function broadcast(payload) {
  for (const client of clients)
    client.write(frame(JSON.stringify({ stream: ['public'], event: 'update', payload })))
  sent += clients.size
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  const answer = (status, type, body) =>
    response.writeHead(status, { 'content-type': type }).end(body)
  if (pathname === '/api/v1/streaming/health') return answer(200, 'text/plain', 'OK')
  if (pathname === '/metrics') {
    const lines = [
      '# TYPE connected_clients gauge',
      `connected_clients{type="websocket"} ${clients.size}`,
      '# TYPE messages_sent_total counter',
      `messages_sent_total ${sent}`,
    ]
    return answer(200, 'text/plain; version=0.0.4', `${lines.join('\n')}\n`)
  }
  return answer(404, 'application/json', '{"error":"Not found"}')
})

server.on('upgrade', (request, socket) => {
  const key = request.headers['sec-websocket-key']
  if (!/^\/api\/v1\/streaming\/?($|\?)/.test(request.url) || !key)
    return socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
  const accept = createHash('sha1')
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  const protocol = request.headers['sec-websocket-protocol']
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  clients.add(socket)
  socket.on('data', (data) => {
    if ((data[0] & 15) === 8) socket.end()
  })
  socket.on('close', () => clients.delete(socket))
  socket.on('error', () => clients.delete(socket))
})

process.on('SIGTERM', () => process.exit(0))
process.on('SIGINT', () => process.exit(0))
checkDatabase()
  .then(subscribe)
  .then(() => {
    const port = Number(env.PORT || 4000)
    server.listen(port, (env.BIND || '127.0.0.1').replace(/[[\]]/g, ''), () =>
      log('info', `Streaming API now listening on ${env.BIND}:${port}`),
    )
  }, giveUp)
  .catch(giveUp)
