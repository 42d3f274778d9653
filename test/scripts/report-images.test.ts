// npm run images: which pinned image is behind, by a file and by a registry on loopback.
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type CommandResult, parseYaml } from 'chart-harness'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeTag, tagsFrom } from '../../scripts/lib/image-tags.ts'
import { main } from '../../scripts/report-images.ts'
import { pins } from '../rules/pins.ts'
import { root } from '../rules/project.ts'
import { callHere } from './fixtures/run-script.ts'
import { scratchFolder } from './fixtures/scratch.ts'

const cwd = scratchFolder()
const today = new Date().toISOString().slice(0, 10)
const images = (...args: readonly string[]): Promise<CommandResult> => callHere(main, args, { cwd })

/** Writes a file in which each image has its pinned tag and what `more` says; returns what the script says. */
async function report(
  more: (tag: string) => readonly string[],
  read = today,
): Promise<CommandResult> {
  const tags = Object.fromEntries(pins.map(({ image, tag }) => [image, more(tag)]))
  writeFileSync(join(cwd, 'tags.yaml'), JSON.stringify({ read, tags }))
  return images('--file', 'tags.yaml')
}

/** The tag with another last number. */
const last = (tag: string, number: number): string => tag.replace(/\d+(?=(-.*)?$)/, `${number}`)

test.each([
  ['17.7-bookworm', '17.7-bookworm 17.6-bookworm', 'is the newest of 17'],
  ['17.9-bookworm', '17.9-bookworm 17.11-bookworm', 'is behind 17.11-bookworm, the newest of 17'],
  ['17.9-bookworm', '17.9-bookworm 17.11-trixie 17.12 17', 'is the newest of 17'],
  ['8.1.9', '8.1.9 9.1.2 8.1.10-rc1', 'is the newest of 8.1; 9.1.2 is of a newer line'],
  [
    'v4.7.3',
    'v4.7.3 v4.7.4 v4.8.0',
    'is behind v4.7.4, the newest of 4.7; v4.8.0 is of a newer line',
  ],
  ['v4.7.3', 'v4.7.3 v4.6.9 4.7.4 v4.8.0-beta.1 nightly.2026-01-01', 'is the newest of 4.7'],
  ['v4.7.4', 'v4.7.3', 'is newer than v4.7.3, the newest of 4.7 that is known'],
  ['8.1.10-bookworm', '8.1.10 9.0.1-bookworm', 'is of a line that is not known'],
  ['latest', 'latest', 'is of a line that is not known'],
])('%s, where there are %s: %s', (pinned, tags, verdict) => {
  const isCurrent = /^is (the newest|newer)/.test(verdict)
  expect(judgeTag(pinned, tags.split(' '))).toEqual({ isCurrent, verdict })
})

test('tags of the same form are kept from the pinned line on, newest first', () => {
  const tags = ['16.9-b', '17.2-b', '17.10-b', '18.1-b', '18.1', '17-b', '19beta1-b']
  expect(tagsFrom('17.7-b', tags)).toEqual(['18.1-b', '17.10-b', '17.2-b'])
})

describe('by the file', () => {
  test('there is a line for each image, and all is well', async () => {
    const { code, stdout, stderr } = await report((tag) => [tag])
    expect([code, stderr]).toEqual([0, ''])
    const lines = pins.map(({ path, image, tag }) => `${path}: ${image}:${tag} is the newest of`)
    expect(stdout.split('\n').map((line) => line.replace(/(?<=newest of) .*/, ''))).toEqual([
      ...lines,
      '',
    ])
  })

  test('one that is behind is exit code 1', async () => {
    const { code, stdout } = await report((tag) => [tag, last(tag, 99)])
    expect(code).toBe(1)
    const [{ path, image, tag } = { path: '', image: '', tag: '' }] = pins
    expect(stdout).toContain(`${path}: ${image}:${tag} is behind ${last(tag, 99)}, the newest of `)
  })

  test('an old file proves nothing', async () => {
    const { code, stdout, stderr } = await report((tag) => [tag], '2026-01-31')
    expect([code, stdout.split('\n')]).toEqual([1, expect.arrayContaining([''])])
    expect(stderr).toMatch(
      /^images: tags\.yaml is of 2026-01-31, \d+ days ago: newer releases may exist\. Run npm run images -- --refresh\.\n$/,
    )
  })

  test.each([
    ['- a', 'is not a list of tags'],
    ['read: 2026-01-01', 'is not a list of tags'],
    ['tags: {}', 'has no day, or one to come, in "read"'],
    ['{read: 2999-01-01, tags: {}}', 'has no day, or one to come, in "read"'],
    ['tags: [', 'is not YAML (unexpected end of the stream within a flow collection)'],
  ])('%s is refused: %s', async (text, reason) => {
    writeFileSync(join(cwd, 'bad.yaml'), text)
    const stderr = `images: bad.yaml ${reason}. Run npm run images -- --refresh.\n`
    expect(await images('--file', 'bad.yaml')).toEqual({ code: 1, stdout: '', stderr })
  })

  test('a file that is not there is refused', async () => {
    const stderr = 'images: no.yaml does not exist. Run npm run images -- --refresh.\n'
    expect(await images('--file', 'no.yaml')).toEqual({ code: 1, stdout: '', stderr })
  })

  test('that is committed, every pinned tag exists', () => {
    const text = readFileSync(join(root, '.github/image-tags.yaml'), 'utf8')
    const { tags } = parseYaml(text) as { readonly tags: Record<string, readonly string[]> }
    const verdicts = pins.map(({ image, tag }) => judgeTag(tag, tags[image] ?? []).verdict)
    expect(verdicts.filter((verdict) => verdict.includes('not known'))).toEqual([])
    expect(Object.keys(tags)).toEqual(pins.map(({ image }) => image).sort())
  })
})

describe('by a registry that wants a token and answers in pages', () => {
  let tagsOf = (tag: string): string[] => [tag]
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`)
    const repository = url.pathname.slice('/v2/'.length, -'/tags/list'.length)
    const send = (status: number, body: object, headers = {}): void => {
      response.writeHead(status, headers).end(JSON.stringify(body))
    }
    if (url.pathname === '/token') return send(200, { token: url.searchParams.get('scope') })
    const scope = `repository:${repository}:pull`
    const challenge = `Bearer realm="${url.origin}/token",service="x",scope="${scope}"`
    if (request.headers.authorization !== `Bearer ${scope}`)
      return send(401, {}, { 'www-authenticate': challenge })
    const { tag = '' } = pins.find(({ image }) => image.endsWith(`/${repository}`)) ?? {}
    if (url.searchParams.has('last')) return send(200, { tags: tagsOf(tag) })
    const link = `<${url.pathname}?last=a>; rel="next"`
    return send(200, { tags: ['latest', last(tag, 0)] }, { link })
  })
  let registry = ''
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())
  const refresh = (): Promise<CommandResult> =>
    images('--refresh', '--file', 'fresh.yaml', '--registry', registry)

  test('the file is written, and says that all is well', async () => {
    expect(await refresh()).toEqual({ code: 0, stdout: 'wrote fresh.yaml\n', stderr: '' })
    const text = readFileSync(join(cwd, 'fresh.yaml'), 'utf8')
    expect(text).toContain(`\nread: ${today}\n`)
    for (const { image, tag } of pins)
      expect(text).toContain(`  ${image}: ['${tag}', '${last(tag, 0)}']\n`)
    expect((await images('--file', 'fresh.yaml')).code).toBe(0)
  })

  test('a pinned tag that does not exist is refused', async () => {
    tagsOf = (tag) => [last(tag, 99)]
    const [{ image, tag } = { image: '', tag: '' }] = pins
    const stderr = `images: there is no ${image}:${tag}. Correct the tag that the chart pins.\n`
    expect(await refresh()).toEqual({ code: 1, stdout: '', stderr })
  })
})

test('a registry that cannot be reached is one sentence', async () => {
  const { code, stderr } = await images(
    '--refresh',
    '--file',
    'x.yaml',
    '--registry',
    'http://127.0.0.1:1',
  )
  expect(code).toBe(1)
  expect(stderr).toMatch(/^images: cannot reach 127\.0\.0\.1:1 \(.+\)\. Check the network\.\n$/)
})
