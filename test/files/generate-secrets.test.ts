// The Job that makes keys: an onion address is what tor would compute, and what is there is never replaced.
import { createHash } from 'node:crypto'
import { describe, expect } from 'vitest'
import { textOf } from './programs.ts'
import { rubyTest, runRuby } from './ruby.ts'

const files = ['hostname', 'hs_ed25519_public_key', 'hs_ed25519_secret_key']

// A stand-in for kubernetes.rb: one Secret, and what was applied on the last line.
const api = `
require 'base64'
require 'json'
module Kubernetes
  def self.secret(_) = JSON.parse(ENV.fetch('PRESENT')).transform_values { |value| Base64.decode64(value) }
  def self.apply_secret(_, strings, _) = puts(JSON.generate(strings.transform_values { |value| Base64.strict_encode64(value) }))
end
`

/** Runs the program on a Secret that must have these keys and has some of them. */
async function run(keys: readonly string[], present: Readonly<Record<string, Buffer>> = {}) {
  const texts = Object.entries(present).map(([name, value]) => [name, value.toString('base64')])
  const env = {
    SECRETS: JSON.stringify({ mine: keys }),
    LABELS: '{}',
    PRESENT: JSON.stringify(Object.fromEntries(texts)),
  }
  const program = `${api}\n${textOf('generate-secrets.rb')}`
  const { stdout, stderr, exitCode } = await runRuby(program, env)
  const line = stdout.split('\n').find((text) => text.startsWith('{')) ?? '{}'
  const applied = Object.entries(JSON.parse(line) as Record<string, string>)
  const made = Object.fromEntries(
    applied.map(([name, text]) => [name, Buffer.from(text, 'base64')]),
  )
  return { made, stderr, exitCode, stdout }
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567'

/** The address of an onion service, as Tor's specification computes it (rend-spec-v3, section 6). */
function addressOf(publicKey: Buffer): string {
  const version = Buffer.from([3])
  const hash = createHash('sha3-256').update('.onion checksum').update(publicKey).update(version)
  const bytes = Buffer.concat([publicKey, hash.digest().subarray(0, 2), version])
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const groups = bits.match(/.{5}/g) ?? []
  return `${groups.map((group) => letters[Number.parseInt(group, 2)]).join('')}.onion`
}

describe('the key of an onion service', () => {
  rubyTest('has the files of tor, and the address that belongs to them', async () => {
    const { made } = await run(files)
    expect(Object.keys(made).sort()).toEqual(files)
    const [address, publicKey, secretKey] = files.map((name) => made[name] ?? Buffer.alloc(0))
    expect(publicKey?.subarray(0, 32).toString()).toBe('== ed25519v1-public: type0 ==\0\0\0')
    expect(secretKey?.subarray(0, 32).toString()).toBe('== ed25519v1-secret: type0 ==\0\0\0')
    expect([publicKey?.length, secretKey?.length]).toEqual([64, 96])
    expect(address?.toString()).toBe(addressOf(publicKey?.subarray(32) ?? Buffer.alloc(0)))
    // Clamped, as tor checks.
    expect([(secretKey?.[32] ?? 1) & 7, (secretKey?.[63] ?? 0) & 192]).toEqual([0, 64])
  })

  rubyTest('is another one each time', async () => {
    const [one, other] = [await run(files), await run(files)]
    expect(one.made.hostname).not.toEqual(other.made.hostname)
  })

  rubyTest('is never made again', async () => {
    const { made } = await run(files)
    const again = await run([...files, 'SECRET_KEY_BASE'], made)
    expect(again.made).toMatchObject(made)
    expect((await run(files, made)).stdout).toBe('The Secret mine has all keys.\n')
  })
})

rubyTest.each([
  ['hs_ed25519_secret_key', files],
  ['VAPID_PRIVATE_KEY', ['VAPID_PRIVATE_KEY', 'VAPID_PUBLIC_KEY']],
])('a Secret that lacks only %s is refused', async (lacking, keys) => {
  const { made } = await run(keys)
  const { [lacking]: _, ...rest } = made
  const { exitCode, stderr } = await run(keys, rest)
  expect([exitCode, stderr]).toEqual([
    1,
    `The Secret has only a part of what belongs together; ${lacking} is missing. Add it.\n`,
  ])
})

rubyTest('everything is made at once', async () => {
  const names = ['SECRET_KEY_BASE', 'VAPID_PRIVATE_KEY', 'VAPID_PUBLIC_KEY', 'postgresql', ...files]
  expect(Object.keys((await run(names)).made).sort()).toEqual([...names].sort())
})
