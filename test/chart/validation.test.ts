import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chart } from '../rules/project.ts'
import { chartFile, refusal, render, renderAhead, type Values } from './render.ts'
import * as cloudnativepg from './rules-of-cloudnativepg.ts'
import * as databases from './rules-of-databases.ts'
import * as entrances from './rules-of-entrances.ts'
import * as exposure from './rules-of-exposure.ts'
import * as hosts from './rules-of-hosts.ts'
import * as images from './rules-of-images.ts'
import * as objectStorage from './rules-of-object-storage.ts'
import * as redis from './rules-of-redis.ts'
import * as search from './rules-of-search.ts'
import * as services from './rules-of-services.ts'
import * as signIn from './rules-of-sign-in.ts'
import * as storage from './rules-of-storage.ts'
import * as environment from './rules-of-the-environment.ts'
import * as instance from './rules-of-the-instance.ts'
import * as workloads from './rules-of-workloads.ts'

const topics = {
  ...cloudnativepg,
  ...databases,
  ...entrances,
  ...objectStorage,
  ...search,
  ...services,
  ...signIn,
  ...environment,
  ...exposure,
  ...hosts,
  ...images,
  ...redis,
  ...storage,
  ...instance,
  ...workloads,
}
const rules = Object.values(topics)
  .flatMap((topic) => Object.entries(topic))
  .map(([rule, { broken, says, met, ...options }]) => ({
    ...{ rule, broken, options, lines: [says].flat().sort(), clean: [met].flat() },
  }))

await renderAhead(rules.flatMap(({ clean }) => clean))

describe.each(rules)('$rule', ({ broken, lines, clean, options }) => {
  test('is refused with this message', async () => {
    expect([...(await refusal(broken, options))].sort()).toEqual(lines)
  })

  test('is the only reason to refuse', async () => {
    for (const values of clean) expect((await render(values, options)).objects).not.toEqual([])
  })
})

// Rules of four topics.
const several: Values = {
  mastodon: { webDomain: 'social.example.com' },
  storage: { postgresql: { type: 'existingClaim' } },
  redis: { mode: 'external' },
  ingress: { enabled: true },
}

test.each([3, 4] as const)('Helm %i lists all broken rules at once', async (helm) => {
  const lines = (await refusal(several, { helm })).map((line) => line.split(':')[0])
  const paths = ['mastodon.localDomain', 'storage.postgresql.existingClaim']
  expect(lines).toEqual([...paths, 'redis.host', 'ingress.hosts'])
})

test('a broken rule is reported before another template fails', async () => {
  const crash: Values = { extraObjects: ['{{ fail "another template" }}'] }
  expect((await chart.renderFails({ values: crash })).message).toContain('another template')
  expect(await refusal({ ...crash, secrets: { fromEnv: true } })).toHaveLength(1)
})

test('the rules are in the template that Helm executes first', () => {
  const files = readdirSync(join(chart.path, 'templates'), { recursive: true }).map(String)
  const depth = (file: string) => file.split('/').length
  const templates = files.filter((file) => file.endsWith('.yaml'))
  const [first] = templates.sort((a, b) => depth(b) - depth(a) || (a < b ? 1 : -1))
  expect(first).toBe('zz-validate/validate.yaml')
})

/** The messages in a template of zz-validate: lines with text outside of actions. */
function messages(text: string): string[] {
  const lines = text.replace(/\{\{-[\s\S]*?\}\}/g, '').split('\n')
  return lines.filter((line) => line.replace(/\{\{.*?\}\}/g, '').trim() !== '')
}

/** What the message looks like when its actions are replaced by their results. */
function pattern(message: string): RegExp {
  const parts = message.split(/\{\{.*?\}\}/)
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${escaped.join('.+')}$`)
}

const folder = 'templates/zz-validate'
const files = readdirSync(join(chart.path, folder)).filter((file) => file.endsWith('.tpl'))
const written = files.flatMap((file) => messages(chartFile(join(folder, file))))
const tested = rules.flatMap(({ lines }) => lines)

test.each(written)('a test breaks the rule: %s', (message) => {
  expect(tested.filter((line) => pattern(message).test(line))).not.toEqual([])
})

test('every message names path, rule and remedy', () => {
  expect(tested.filter((line) => !/^[\w.[\]-]+: \S.*[^.]\. [A-Z].*[^.]\.$/.test(line))).toEqual([])
})
