// Every credential as a canary: it is found in Secrets, and nowhere else.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  canary,
  checkSecretLeaks,
  containsSecret,
  formatProblem,
  seedFaults,
  valuesIn,
} from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { chart } from './project.ts'

const secret = (path: string): { value: string } => ({ value: canary(path) })

// Embedded databases; and external ones, whose address may hold a password, too.
const embedded = {
  secretEnv: { DEEPL_API_KEY: canary('secretEnv') },
  smtp: { server: 'smtp.example.com', login: 'me', password: secret('smtp.password') },
  objectStorage: {
    type: 's3',
    s3: {
      bucket: 'media',
      accessKeyId: secret('objectStorage.s3.accessKeyId'),
      secretAccessKey: secret('objectStorage.s3.secretAccessKey'),
    },
  },
  postgresql: {
    password: secret('postgresql.password'),
    superuserPassword: secret('postgresql.superuserPassword'),
  },
  redis: { password: secret('redis.password') },
  envFrom: [{ secretRef: { name: 'old-keys' } }],
  import: {
    database: {
      enabled: true,
      server: { host: 'old.example.com', password: secret('import.database.server.password') },
    },
  },
}
const external = {
  postgresql: { mode: 'external', host: 'db.example.com', password: secret('external.postgresql') },
  redis: { mode: 'external', url: secret('redis.url') },
}

const sets = [
  { name: 'embedded databases', values: embedded },
  { name: 'external databases', values: external },
].flatMap((set) => ([3, 4] as const).map((helm) => ({ ...set, helm })))

function canariesIn(value: unknown): string[] {
  return valuesIn(value).flatMap(({ value: text }) =>
    typeof text === 'string' && text.startsWith('canary-') ? [text] : [],
  )
}

test.for(sets)('$name keep their secrets in Secrets with Helm $helm', async ({ values, helm }) => {
  const render = await chart.render({ values, helm, release: 'canary', showNotes: true })
  const canaries = canariesIn(values)
  expect(render).toHaveNoProblems(checkSecretLeaks(render, canaries))
  expect(canaries.filter((text) => containsSecret(render.notes, text))).toEqual([])
})

test('every credential of the schema has a canary', () => {
  const file = join(chart.path, 'values.schema.json')
  const paths = credentialsIn(JSON.parse(readFileSync(file, 'utf8')), [])
  const secretOnes = paths.filter((path) => path !== 'postgresql.ca')
  const covered = [...canariesIn(embedded), ...canariesIn(external)]
  expect(secretOnes).toContain('smtp.password')
  expect(secretOnes.filter((path) => !covered.includes(canary(path)))).toEqual([])
})

function credentialsIn(schema: unknown, path: readonly string[]): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  if ('$ref' in schema && schema.$ref === '#/definitions/credential') return [path.join('.')]
  if (!('properties' in schema)) return []
  return Object.entries(schema.properties as object).flatMap(([key, child]) =>
    credentialsIn(child, [...path, key]),
  )
}

describe('a leak is noticed', () => {
  const leak = async (object: string, path: string, value: string): Promise<string[]> => {
    const render = await chart.render({ values: embedded, release: 'canary' })
    const broken = seedFaults(render, [{ object, path, value }])
    return checkSecretLeaks(broken, [canary('smtp.password')]).map(formatProblem)
  }

  test.for([
    [
      'in a ConfigMap',
      'ConfigMap/canary-mastodon-env',
      'data.SMTP_PASSWORD',
      canary('smtp.password'),
    ],
    [
      'in base64 inside a longer text',
      'ConfigMap/canary-mastodon-env',
      'data.SMTP',
      Buffer.from(`smtp://me:${canary('smtp.password')}@smtp`).toString('base64'),
    ],
    [
      'in an annotation',
      'Deployment/canary-mastodon-web',
      'spec.template.metadata.annotations.password',
      encodeURIComponent(canary('smtp.password')),
    ],
  ] as const)('%s', async ([, object, path, value]) => {
    expect(await leak(object, path, value)).toEqual([
      `secret-leak: ${object} ${path}: holds a secret value. Put it into a Secret.`,
    ])
  })

  test('and so is a secret that is lost', async () => {
    const render = await chart.render({ values: embedded, release: 'canary' })
    expect(checkSecretLeaks(render, ['canary-nowhere']).map(formatProblem)).toEqual([
      'secret-leak: Secret/*: no Secret holds canary-nowhere, so nothing was proved.',
    ])
  })
})
