import { describe, expect, test } from 'vitest'
import { onion } from './components.ts'
import { chartFile, merge, render, type Values } from './render.ts'
import { dataOf, runningIn, workload } from './views.ts'

const address = `${'abcdefghijklmnopqrstuvwxyz234567'.repeat(2).slice(0, 56)}.onion`
const at: Values = { onion: { hostname: address } }
const domain = { mastodon: { localDomain: 'example.com', alternateDomains: ['a.example'] } }
const gateway = { gateway: { enabled: true, parentRefs: [{ name: 'public' }] } }

/** The lines of torrc. */
async function torrc(...values: readonly Values[]): Promise<string[]> {
  const { env } = await workload('onion', merge(onion, ...values))
  return String(env.SETTINGS).split('\n')
}

test('one pod runs tor, and a new one replaces it', async () => {
  const { object, main } = await workload('onion', onion)
  expect(object.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } })
  expect(main).toMatchObject({ image: 'docker.io/example/tor:0.4.9.11' })
  expect(main.command).toEqual(['sh', '-c', chartFile('files/tor.sh'), 'tor'])
})

test('there is none unless asked for', async () => {
  expect(runningIn(await render(at))).not.toContain('onion')
})

describe('the key', () => {
  const keyOf = async (values: Values) => {
    const { pod, main } = await workload('onion', merge(onion, values))
    expect(main.volumeMounts).toContainEqual({ name: 'key', mountPath: '/key', readOnly: true })
    return pod.volumes?.find(({ name }) => name === 'key')?.secret
  }
  const items = [{ key: 'hs_ed25519_secret_key', path: 'hs_ed25519_secret_key' }]
  const made = async (values: Values): Promise<unknown> =>
    JSON.parse(String((await workload('secrets', values)).env.SECRETS))

  test('is made in a Secret', async () => {
    expect(await keyOf({})).toEqual({ secretName: 'mastodon-onion', items })
    const keys = ['hostname', 'hs_ed25519_public_key', 'hs_ed25519_secret_key']
    expect(await made(onion)).toMatchObject({ 'mastodon-onion': keys })
    expect(await made({})).not.toHaveProperty('mastodon-onion')
  })

  test('is the one that the user brings', async () => {
    const own: Values = { onion: { existingSecret: 'mine' } }
    expect(await keyOf(own)).toEqual({ secretName: 'mine', items })
    expect(await made(merge(onion, own))).not.toHaveProperty('mastodon-onion')
  })
})

test('tor leads to web, and the options of the values win over those of the chart', async () => {
  const settings = { SocksPort: 9050, HiddenServicePoWDefensesEnabled: 1 }
  const web = { name: 'w', service: { port: 80 } }
  expect(await torrc({ web, onion: { settings } })).toEqual([
    'DataDirectory /tmp/tor/data',
    'Log notice stdout',
    'SocksPort 9050',
    'HiddenServiceDir /tmp/tor/service',
    'HiddenServicePort 80 w:80',
    'HiddenServicePoWDefensesEnabled 1',
  ])
})

test('tor uses the ports that egress rules let out', async () => {
  expect(await torrc({ networkPolicy: { egress: { enabled: true } } })).toContain(
    'FascistFirewall 1',
  )
  expect(await torrc()).not.toContain('FascistFirewall 1')
})

test("the address is no name of tor's pod", async () => {
  expect((await workload('onion', merge(onion, at))).pod.hostname).toBeUndefined()
})

describe('with its address', () => {
  test.each<[string, Values]>([
    ['of the release', merge(onion, at)],
    ['elsewhere', at],
  ])('Mastodon answers to an onion service %s', async (_, values) => {
    const { ALTERNATE_DOMAINS } = dataOf(await render(merge(domain, values)))
    expect(ALTERNATE_DOMAINS).toBe(`a.example,${address}`)
  })

  test('pages name it to Tor Browser, unless the values say something else', async () => {
    const headers = async (...values: readonly Values[]) =>
      JSON.stringify((await render(merge(domain, gateway, ...values))).all('HTTPRoute')).match(
        /\{"name":"Onion-Location","value":"[^"]+"\}/g,
      )
    const header = (value: string) => [`{"name":"Onion-Location","value":"${value}"}`]
    expect(await headers(at)).toEqual(header(`http://${address}`))
    const responseHeaders = { 'Onion-Location': 'http://x.onion' }
    expect(await headers(at, { gateway: { responseHeaders } })).toEqual(header('http://x.onion'))
    expect(await headers(onion)).toBeNull()
  })
})

test('without its address, the notes say how to read it', async () => {
  const notes = async (...values: readonly Values[]) =>
    (await render(merge(...values), { showNotes: true })).notes
  const command = 'exec deployment/mastodon-onion -c main -- cat /tmp/tor/service/hostname'
  expect(await notes(onion)).toContain(command)
  expect(await notes(onion, at)).not.toContain('ONION:')
  expect(dataOf(await render(onion))).not.toHaveProperty('ALTERNATE_DOMAINS')
})
