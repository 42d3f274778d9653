import { expect, test } from 'vitest'
import { render } from './render.ts'
import { viewOf } from './views.ts'

test('helm test calls web and streaming through their Services', async () => {
  const chart = await render({
    web: { name: 'w', service: { port: 80 } },
    streaming: { name: 's' },
  })
  const { object, main } = viewOf(chart, 'test')
  expect(object.metadata.annotations?.['helm.sh/hook']).toBe('test')
  const words = [...(main.command ?? []), ...(main.args ?? [])].join(' ')
  expect(words).toContain('http://w:80/health')
  expect(words).toContain('http://s:4000/api/v1/streaming/health')
})
