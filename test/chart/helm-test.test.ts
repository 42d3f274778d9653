import { expect, test } from 'vitest'
import { render } from './render.ts'
import { viewOf } from './views.ts'

test('helm test calls web and streaming through their Services', async () => {
  const chart = await render({
    web: { name: 'w', service: { port: 80 } },
    streaming: { name: 's' },
  })
  const { object, main } = viewOf(chart, 'test')
  expect(object.metadata.annotations).toMatchObject({
    'helm.sh/hook': 'test',
    'helm.sh/hook-delete-policy': 'before-hook-creation',
  })
  const words = [...(main.command ?? []), ...(main.args ?? [])].join(' ')
  expect(words).toContain('http://w:80/health')
  expect(words).toContain('http://s:4000/api/v1/streaming/health')
})

test('helm test knows the Services that have no name of their own', async () => {
  const { main } = viewOf(await render(), 'test')
  const words = [...(main.command ?? []), ...(main.args ?? [])].join(' ')
  expect(words).toContain('http://mastodon-web:3000/health')
  expect(words).toContain('http://mastodon-streaming:4000/')
})
