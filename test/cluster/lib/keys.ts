import { createECDH, createHmac, randomBytes } from 'node:crypto'

/** New keys of an instance, in the formats that Mastodon reads. */
export function instanceKeys(): Record<string, string> {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  const padded = (bytes: Buffer) =>
    bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
  const random = () => randomBytes(16).toString('hex')
  return {
    SECRET_KEY_BASE: randomBytes(64).toString('hex'),
    ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY: random(),
    ACTIVE_RECORD_ENCRYPTION_DETERMINISTIC_KEY: random(),
    ACTIVE_RECORD_ENCRYPTION_KEY_DERIVATION_SALT: random(),
    VAPID_PRIVATE_KEY: padded(
      Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32),
    ),
    VAPID_PUBLIC_KEY: padded(pair.getPublicKey()),
  }
}

/** The fingerprint of the encryption keys that the chart notes in the database. */
export function fingerprint(keys: Readonly<Record<string, string>>): string {
  const parts = ['PRIMARY_KEY', 'DETERMINISTIC_KEY', 'KEY_DERIVATION_SALT'].map(
    (name) => keys[`ACTIVE_RECORD_ENCRYPTION_${name}`] ?? '',
  )
  return createHmac('sha256', parts.join('\0')).update('mastodon-chart').digest('hex')
}
