import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test, vi } from 'vitest'
import { cacheRoot, openCache, pruneCache } from '../src/render/disk-cache.ts'
import { findChecksum, readTarEntry, sha256 } from '../src/tools/tool-install.ts'
import type { ToolPin } from '../src/tools/tool-pins.ts'
import { resolveTool } from '../src/tools/tools.ts'
import { greeter, options } from './greeter.ts'
import { temporaryFolder } from './support.ts'

function tar(name: string, content: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(name)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512)
  body.write(content)
  return Buffer.concat([header, body, Buffer.alloc(1024)])
}

async function serve(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const server = createServer((request, response) => {
    const content = files[request.url ?? '']
    response.writeHead(content === undefined ? 404 : 200).end(content)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const archive = gzipSync(tar('greet-2.1.0/greet', '#!/bin/sh\necho hi\n'))

function released(url: string): ToolPin {
  const release = {
    url: `${url}/greet-{version}.tar.gz`,
    checksumUrl: `${url}/sums`,
    entry: 'greet-{version}/greet',
  }
  return { ...greeter, release }
}

test('an official release is downloaded, checked and kept', async () => {
  const sums = `${sha256(Buffer.from('x'))}  other.tar.gz\n${sha256(archive)}  greet-2.1.0.tar.gz\n`
  const pin = released(await serve({ '/greet-2.1.0.tar.gz': archive, '/sums': sums }))
  const asked = options({ pin })
  const tool = await resolveTool('greeter', asked)
  expect([tool.source, existsSync(tool.path)]).toEqual(['release', true])
  expect(asked.lines).toEqual([expect.stringMatching(/^greeter 2\.1\.0: downloading http/)])
  expect((await resolveTool('greeter', asked)).source).toBe('cache')
})

test('a release with another SHA-256 is refused', async () => {
  const sums = `${'0'.repeat(64)}  greet-2.1.0.tar.gz\n`
  const pin = released(await serve({ '/greet-2.1.0.tar.gz': archive, '/sums': sums }))
  await expect(resolveTool('greeter', options({ pin }))).rejects.toThrow(
    /has SHA-256 [0-9a-f]{64}, expected 0000/,
  )
})

test('a missing release is reported with its address', async () => {
  const pin = released(await serve({}))
  await expect(resolveTool('greeter', options({ pin }))).rejects.toThrow(
    /no download: http.+\/sums answers 404/,
  )
})

const built = { ...greeter, go: { package: 'example.org/greet', version: 'v2.1.0' } }

test('go install builds the program', async () => {
  const dir = temporaryFolder()
  const go = join(dir, 'go')
  writeFileSync(go, '#!/bin/sh\necho "#!/bin/sh" > "$GOBIN/greet"\n')
  chmodSync(go, 0o755)
  const asked = options({ pin: built, env: { PATH: dir } })
  expect((await resolveTool('greeter', asked)).source).toBe('go')
  writeFileSync(go, '#!/bin/sh\necho "no such module" >&2\nexit 1\n')
  await expect(resolveTool('greeter', { ...asked, cacheDir: temporaryFolder() })).rejects.toThrow(
    'go install example.org/greet@v2.1.0 failed: no such module',
  )
})

test('without Go that is the reason', async () => {
  const asked = options({ pin: built, env: { PATH: temporaryFolder() } })
  await expect(resolveTool('greeter', asked)).rejects.toThrow('(go is not installed)')
})

test('a checksum file is one bare sum or names the file', () => {
  const sum = 'a'.repeat(64)
  expect(findChecksum(`${sum}\n`, 'x')).toBe(sum)
  expect(findChecksum(`${'b'.repeat(64)}  y\n${sum} *x\n`, 'x')).toBe(sum)
  expect(() => findChecksum(`${sum}  y\n${sum}  z\n`, 'x')).toThrow('does not name x')
})

test('an archive without the program says so', () => {
  expect(() => readTarEntry(tar('a', 'b'), 'c')).toThrow('the archive has no c')
})

test('the cache is below XDG_CACHE_HOME', () => {
  vi.stubEnv('XDG_CACHE_HOME', '/somewhere')
  expect(cacheRoot('greeter')).toBe('/somewhere/greeter')
})

test('pruning removes old entries only', () => {
  const dir = temporaryFolder()
  const cache = openCache<number>(dir)
  cache.set('a', 1)
  expect(pruneCache(dir, 7)).toBe(0)
  expect(pruneCache(dir, 7, Date.now() + 8 * 24 * 60 * 60 * 1000)).toBe(1)
  expect(cache.get('a')).toBeUndefined()
})

test('pruning passes over a file that another run just took away', () => {
  const dir = temporaryFolder()
  symlinkSync('gone', join(dir, 'a.json'))
  expect(pruneCache(dir, 7, Date.now() + 8 * 24 * 60 * 60 * 1000)).toBe(0)
})
