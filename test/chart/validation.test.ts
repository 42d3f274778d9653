import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chart } from '../rules/project.ts'
import { chartFile, refusal, render, renderAhead, type Values } from './render.ts'
import { databaseRules } from './rules-of-databases.ts'
import { exposureRules } from './rules-of-exposure.ts'
import { imageRules } from './rules-of-images.ts'
import { jobRules } from './rules-of-jobs.ts'
import { sidekiqRules } from './rules-of-sidekiq.ts'
import { storageRules } from './rules-of-storage.ts'
import { instanceRules } from './rules-of-the-instance.ts'

const rules = [
  ...instanceRules,
  ...sidekiqRules,
  ...storageRules,
  ...databaseRules,
  ...exposureRules,
  ...imageRules,
  ...jobRules,
]

// Four rules of four topics.
const several: Values = {
  mastodon: { webDomain: 'social.example.com' },
  storage: { postgresql: { type: 'existingClaim' } },
  redis: { mode: 'external' },
  ingress: { enabled: true },
}

await renderAhead(rules.flatMap(({ met, alsoMet = [] }) => [met, ...alsoMet]))

describe.each(rules)('$rule', ({ broken, lines, met, alsoMet = [] }) => {
  test('is refused with this message', async () => {
    const found = await refusal(broken)
    expect([...found].sort()).toEqual([...lines].sort())
  })

  test('is the only reason to refuse', async () => {
    for (const values of [met, ...alsoMet]) expect((await render(values)).objects).not.toEqual([])
  })
})

test('all broken rules are listed at once', async () => {
  expect(await refusal(several)).toEqual([
    'mastodon.localDomain: required when mastodon.webDomain is set. Set the domain in handles; it can never be changed later.',
    'storage.postgresql.existingClaim: required when storage.postgresql.type is existingClaim. Set the name of the claim.',
    "redis.host: required when redis.mode is external, unless redis.url is set. Set the server's host.",
    'ingress.hosts: required when ingress.enabled is true and mastodon.localDomain is empty. Set mastodon.localDomain or a host.',
  ])
})

test('Helm 3 lists the same as Helm 4', async () => {
  expect(await refusal(several, { helm: 3 })).toEqual(await refusal(several, { helm: 4 }))
})

test('a broken rule is told before another template fails', async () => {
  const crash: Values = { extraObjects: ['{{ fail "another template" }}'] }
  const failure = await chart.renderFails({ values: crash })
  expect(failure.message).toContain('another template')
  expect(await refusal({ ...crash, secrets: { fromEnv: true } })).toHaveLength(1)
})

test('the rules stand in the template that Helm executes first', () => {
  const templates = readdirSync(join(chart.path, 'templates'), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.yaml'))
  const depth = (file: string) => file.split('/').length
  const order = templates.sort((a, b) => depth(b) - depth(a) || (a < b ? 1 : -1))
  expect(order[0]).toBe('zz-validate/validate.yaml')
})

/** The messages in a template of zz-validate: lines with text outside of actions. */
function messages(text: string): string[] {
  return text
    .replace(/\{\{-[\s\S]*?\}\}/g, '')
    .split('\n')
    .filter((line) => line.replace(/\{\{.*?\}\}/g, '').trim() !== '')
}

/** What the message looks like when its actions are replaced by their results. */
function pattern(message: string): RegExp {
  const parts = message
    .split(/\{\{.*?\}\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.+')}$`)
}

const folder = join(chart.path, 'templates/zz-validate')
const templates = readdirSync(folder).filter((file) => file.endsWith('.tpl'))
const written = templates.flatMap((file) => messages(chartFile(`templates/zz-validate/${file}`)))
const tested = rules.flatMap(({ lines }) => lines)

test.each(written)('a test breaks the rule: %s', (message) => {
  expect(tested.filter((line) => pattern(message).test(line))).not.toEqual([])
})

test('every message names path, rule and remedy', () => {
  expect(tested.filter((line) => !/^[\w.[\]-]+: \S.*[^.]\. [A-Z].*[^.]\.$/.test(line))).toEqual([])
})
