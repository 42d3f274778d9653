import { expect, test } from 'vitest'
import { render, type Values } from './render.ts'
import { dataOf, envOf, secretsOf, viewOf } from './views.ts'

/** The variables of the ConfigMap that begin so. */
async function variables(prefix: string, values: Values): Promise<Record<string, string>> {
  const data = dataOf(await render(values), 'mastodon-env')
  return Object.fromEntries(Object.entries(data).filter(([name]) => name.startsWith(prefix)))
}

const bucket: Values = { objectStorage: { type: 's3', s3: { bucket: 'media' } } }

test('mail is sent with what the values say', async () => {
  const smtp: Values['smtp'] = {
    server: 'mail.example.com',
    port: 465,
    login: 'fedi',
    fromAddress: 'Mastodon <m@example.com>',
    replyTo: 'r@example.com',
    returnPath: 'b@example.com',
    domain: 'example.com',
    authMethod: 'login',
    enableStarttls: 'never',
    tls: true,
    opensslVerifyMode: 'none',
    caFile: '/etc/ca.crt',
  }
  expect(await variables('SMTP_', { smtp })).toEqual({
    SMTP_SERVER: 'mail.example.com',
    SMTP_PORT: '465',
    SMTP_LOGIN: 'fedi',
    SMTP_FROM_ADDRESS: 'Mastodon <m@example.com>',
    SMTP_REPLY_TO: 'r@example.com',
    SMTP_RETURN_PATH: 'b@example.com',
    SMTP_DOMAIN: 'example.com',
    SMTP_AUTH_METHOD: 'login',
    SMTP_ENABLE_STARTTLS: 'never',
    SMTP_TLS: 'true',
    SMTP_OPENSSL_VERIFY_MODE: 'none',
    SMTP_CA_FILE: '/etc/ca.crt',
  })
})

test('a mail server without login needs no method', async () => {
  expect(await variables('SMTP_', { smtp: { server: 'mail.example.com' } })).toEqual({
    SMTP_SERVER: 'mail.example.com',
    SMTP_PORT: '587',
    SMTP_AUTH_METHOD: 'none',
    SMTP_ENABLE_STARTTLS: 'auto',
    SMTP_OPENSSL_VERIFY_MODE: 'peer',
  })
})

test('a login is sent in plain by default', async () => {
  const { SMTP_AUTH_METHOD } = await variables('SMTP_', {
    smtp: { server: 'a.example', login: 'x' },
  })
  expect(SMTP_AUTH_METHOD).toBe('plain')
})

test('nothing of mail is set without a server', async () => {
  expect(await variables('SMTP_', { smtp: { login: 'x', fromAddress: 'a@example.com' } })).toEqual(
    {},
  )
})

test('media go to the bucket that the values name', async () => {
  const s3 = {
    bucket: 'media',
    region: 'eu-central-1',
    endpoint: 'https://s3.example.com',
    hostname: 's3.example.com',
    protocol: 'http',
    aliasHost: 'cdn.example.com',
    permission: 'private',
    keyPrefix: 'fedi/',
    storageClass: 'STANDARD_IA',
    overridePathStyle: true,
  } as const
  expect(await variables('S3_', { objectStorage: { type: 's3', s3 } })).toEqual({
    S3_ENABLED: 'true',
    S3_BUCKET: 'media',
    S3_REGION: 'eu-central-1',
    S3_ENDPOINT: 'https://s3.example.com',
    S3_HOSTNAME: 's3.example.com',
    S3_PROTOCOL: 'http',
    S3_ALIAS_HOST: 'cdn.example.com',
    S3_PERMISSION: 'private',
    S3_KEY_PREFIX: 'fedi/',
    S3_STORAGE_CLASS: 'STANDARD_IA',
    S3_OVERRIDE_PATH_STYLE: 'true',
  })
})

test('Mastodon tests whether some variables are there, so empty ones are not', async () => {
  expect(await variables('S3_', bucket)).toEqual({
    S3_ENABLED: 'true',
    S3_BUCKET: 'media',
    S3_PROTOCOL: 'https',
    S3_PERMISSION: 'public-read',
  })
})

test('an empty access control list means: send none', async () => {
  const values: Values = { objectStorage: { type: 's3', s3: { bucket: 'media', permission: '' } } }
  expect((await variables('S3_', values)).S3_PERMISSION).toBe('')
})

test('nothing of a bucket is set while media lie on the volume', async () => {
  expect(
    await variables('S3_', { objectStorage: { type: 'none', s3: { bucket: 'media' } } }),
  ).toEqual({})
})

test.each(['web', 'sidekiq-all'])('%s mounts no media that are in a bucket', async (name) => {
  const { main, pod } = viewOf(await render(bucket), name)
  expect(main.volumeMounts?.map((mount) => mount.name)).not.toContain('system')
  expect(pod.volumes?.map((volume) => volume.name)).not.toContain('system')
})

const values: Values = {
  smtp: { password: { value: 'a' } },
  objectStorage: { s3: { accessKeyId: { value: 'b' }, secretAccessKey: { value: 'c' } } },
}
const credential = (key: string) => ({ existingSecret: 'mine', key })
const references: Values = {
  smtp: { password: credential('mail') },
  objectStorage: {
    s3: { accessKeyId: credential('id'), secretAccessKey: credential('secret') },
  },
}

test('credentials in the values go to the Secret', async () => {
  expect(secretsOf(await render(values), 'mastodon-env')).toEqual({
    SMTP_PASSWORD: 'a',
    AWS_ACCESS_KEY_ID: 'b',
    AWS_SECRET_ACCESS_KEY: 'c',
  })
})

test.each(['web', 'sidekiq-all', 'migrate'])(
  "%s reads credentials from Secrets of the user's",
  async (name) => {
    const chart = await render(references)
    expect(envOf(viewOf(chart, name).main)).toMatchObject({
      SMTP_PASSWORD: { secretKeyRef: { name: 'mine', key: 'mail' } },
      AWS_ACCESS_KEY_ID: { secretKeyRef: { name: 'mine', key: 'id' } },
      AWS_SECRET_ACCESS_KEY: { secretKeyRef: { name: 'mine', key: 'secret' } },
    })
    expect(chart.has('Secret', 'mastodon-env')).toBe(false)
  },
)

test("without credentials of a bucket the pod's identity counts", async () => {
  const names = Object.keys(envOf(viewOf(await render(bucket), 'web').main))
  expect(names.filter((name) => name.startsWith('AWS_'))).toEqual([])
})
