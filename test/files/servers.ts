// Servers of this machine that speak just enough of PostgreSQL's and Redis' language for a login.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

const servers: Server[] = []

/** What a server answers: an error, or nothing when it lets everybody in; and what it was told. */
export interface FakeServer {
  readonly port: number
  error?: readonly [code: string, message: string] | undefined
  readonly told: string[]
}

/** Ends them all. */
export function closeServers(): void {
  for (const server of servers) server.close()
}

/** A port where nothing listens. */
export async function closedPort(): Promise<number> {
  const { server, port } = await listen(() => {})
  server.close()
  await once(server, 'close')
  return port
}

async function listen(talk: (socket: Socket) => void, port = 0) {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    talk(socket)
  }).listen(port, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

function message(type: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

const isReady = message('Z', 'I')
const welcome = Buffer.concat([message('R', Buffer.alloc(4)), isReady])
const result = Buffer.concat([message('C', 'SELECT 1\0'), isReady])
const tlsRequest = 80877103

/** A PostgreSQL without TLS that asks for no password. */
export async function startPostgresql(wanted?: number): Promise<FakeServer> {
  const told: string[] = []
  const talk = (socket: Socket) =>
    socket.on('data', (data) => {
      if (data.toString('latin1', 0, 1) === 'Q') return socket.write(result)
      if (data.length === 8 && data.readInt32BE(4) === tlsRequest) return socket.write('N')
      if (data[0] !== 0) return undefined
      told.push(data.toString('utf8', 8).replaceAll('\0', ' ').trim())
      const { error } = fake
      if (!error) return socket.write(welcome)
      const [code, text] = error
      return socket.end(message('E', `SFATAL\0C${code}\0M${text}\0\0`))
    })
  const { port } = await listen(talk, wanted)
  const fake: FakeServer = { port, told }
  return fake
}

const answers: Readonly<Record<string, string>> = {
  ping: '+PONG\r\n',
  info: '$17\r\nredis_version:7.2\r\n',
}

/** A Redis, whose error is its answer to a password. */
export async function startRedis(wanted?: number): Promise<FakeServer> {
  const told: string[] = []
  const talk = (socket: Socket) =>
    socket.on('data', (data) => {
      for (const [name = '', ...words] of commands(data.toString())) {
        const command = name.toLowerCase()
        if (command === 'auth') told.push(words.join(' '))
        const refused = ['auth', 'info'].includes(command) && fake.error
        socket.write(refused ? `-${refused.join(' ')}\r\n` : (answers[command] ?? '+OK\r\n'))
      }
    })
  const { port } = await listen(talk, wanted)
  const fake: FakeServer = { port, told }
  return fake
}

/** The words of each command: in Redis' language they stand on every second line. */
function commands(text: string): string[][] {
  return text
    .split(/^\*\d+\r\n/m)
    .slice(1)
    .map((command) => command.split('\r\n').filter((_, index) => index % 2 === 1))
}
