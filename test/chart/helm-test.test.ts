import { expect, test } from 'vitest'
import { render, type Values } from './render.ts'
import { viewOf } from './views.ts'

/** The script that `helm test` runs. */
async function script(values: Values = {}): Promise<string | undefined> {
  const { main } = viewOf(await render(values), 'test')
  expect(main.args?.slice(0, 2)).toEqual(['sh', '-ec'])
  return main.args?.[2]
}

const curl = 'curl -fsS --max-time 10 --retry 5 --retry-connrefused'

test('helm test calls web and streaming through their Services', async () => {
  expect(await script()).toBe(
    `${curl} http://mastodon-web:3000/health && ${curl} http://mastodon-streaming:4000/api/v1/streaming/health`,
  )
})

test('helm test follows the names and ports of the Services', async () => {
  const text = await script({ web: { name: 'w', service: { port: 80 } }, streaming: { name: 's' } })
  expect(text).toContain('http://w:80/health')
  expect(text).toContain('http://s:4000/api/v1/streaming/health')
})

test('the pod of a helm test runs once, and goes before the next', async () => {
  const { object, pod } = viewOf(await render(), 'test')
  expect(pod.restartPolicy).toBe('Never')
  expect(object.metadata.annotations).toMatchObject({
    'helm.sh/hook': 'test',
    'helm.sh/hook-delete-policy': 'before-hook-creation',
  })
})
