// What a user reads when values have a wrong shape: Helm's own check of the shipped schema, in both Helms' words.
import { expect, test } from 'vitest'
import { chart } from '../rules/project.ts'

/** What Helm says about values, without the line that every such message begins with. */
async function messageOf(values: object, helm: 3 | 4): Promise<string> {
  const { message } = await chart.renderFails({ values, helm })
  return message.split('mastodon:\n')[1] ?? message
}

test.each([
  [
    'an unknown key',
    { web: { replica: 2 } },
    '- web: Additional property replica is not allowed',
    "- at '/web': additional properties 'replica' not allowed",
  ],
  [
    'an unknown top-level key',
    { postgres: {} },
    '- (root): Additional property postgres is not allowed',
    "- at '': additional properties 'postgres' not allowed",
  ],
  [
    'a wrong type',
    { web: { replicas: 'two' } },
    '- web.replicas: Invalid type. Expected: [integer,null], given: string',
    "- at '/web/replicas': got string, want null or integer",
  ],
  [
    'a value that is none of those possible',
    { objectStorage: { type: 'azure' } },
    '- objectStorage.type: objectStorage.type must be one of the following: "none", "s3"',
    "- at '/objectStorage/type': value must be one of 'none', 's3'",
  ],
  [
    'a number out of range',
    { web: { service: { port: 70000 } } },
    '- web.service.port: Must be less than or equal to 65535',
    "- at '/web/service/port': maximum: got 70,000, want 65,535",
  ],
  [
    'a missing key',
    { sidekiq: { workers: [{ name: 'all' }] } },
    '- sidekiq.workers.0: queues is required',
    "- at '/sidekiq/workers/0': missing property 'queues'",
  ],
])('Helm 3 and 4 name %s', async (_, values, helm3, helm4) => {
  expect([await messageOf(values, 3), await messageOf(values, 4)]).toEqual([helm3, helm4])
})

// Both show the pattern, and ours begins with words.
test.each([
  [
    { mastodon: { localDomain: 'https://example.social' } },
    "- mastodon.localDomain: Does not match pattern '^a host name without scheme, port and path$.|",
    "- at '/mastodon/localDomain': 'https://example.social' does not match pattern '^a host name without scheme, port and path$.|",
  ],
  [
    { networkPolicy: { web: { from: [{ ipBlock: { cidr: '10.0.0.300/8' } }] } } },
    "- networkPolicy.web.from.0.ipBlock.cidr: Does not match pattern '^an address range (CIDR) such as 10.0.0.0/8$.|",
    "- at '/networkPolicy/web/from/0/ipBlock/cidr': '10.0.0.300/8' does not match pattern '^an address range (CIDR) such as 10.0.0.0/8$.|",
  ],
  [
    { storage: { system: { size: '20GB' } } },
    "- storage.system.size: Does not match pattern '^a quantity such as 500m or 2Gi$.|",
    "- at '/storage/system/size': '20GB' does not match pattern '^a quantity such as 500m or 2Gi$.|",
  ],
])('Helm 3 and 4 say in words what is expected: %j', async (values, helm3, helm4) => {
  const messages = [await messageOf(values, 3), await messageOf(values, 4)]
  expect(messages).toEqual([
    expect.stringMatching(start(helm3)),
    expect.stringMatching(start(helm4)),
  ])
})

test('both Helms list every mistake at once', async () => {
  const values = { web: { replicas: 'two', x: 1 }, y: {}, smtp: { port: 0 } }
  const mistakes = /replicas|additional propert\w+ '?[xy]\b|port/gi
  for (const helm of [3, 4] as const) {
    expect((await messageOf(values, helm)).match(mistakes)?.length).toBe(4)
  }
})

/** A pattern for a text that begins so and has one line. */
function start(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}.*$`)
}
