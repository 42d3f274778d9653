// chart/files/test.sh, which `helm test` runs, against servers of this machine.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, test } from 'vitest'
import { chartFile } from '../chart/render.ts'

const program = chartFile('files/test.sh')
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
})

/** A server that gives everybody the same answer; host and port. */
async function answering(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(body))
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

// 404 instead of 500, which curl would try again.
type Reply = readonly [status: number, body: string]

test.concurrent.for<readonly [string, Reply, Reply, number]>([
  ['an answer from the database', [200, 'OK'], [401, '{"error":"Invalid access token"}'], 0],
  ['no look at the database', [200, 'OK'], [401, '{"error":"Missing access token"}'], 1],
  ['another server', [200, 'OK'], [404, 'Invalid access token'], 1],
  ['an error of web', [404, ''], [401, '{"error":"Invalid access token"}'], 22],
])('%s', async ([_, web, streaming, code], { expect }) => {
  const args = ['-ec', program, 'test', await answering(...web), await answering(...streaming)]
  const ended = await promisify(execFile)('sh', args).catch((error: { code: number }) => error)
  expect('code' in ended ? ended.code : 0).toBe(code)
})
