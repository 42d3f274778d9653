// Videos are converted by a program of the chart, which test/files/ffmpeg.test.ts runs.
import { expect, test } from 'vitest'
import { render, type Values } from './render.ts'
import { dataOf, workload } from './views.ts'

const variables = async (values: Values = {}) => dataOf(await render(values), 'mastodon-env')

test.each(['web', 'sidekiq-all'])('%s finds the program, and may execute it', async (name) => {
  const { main, pod } = await workload(name)
  const [, folder, file = ''] = (await variables()).FFMPEG_BINARY?.match(/^(.*)\/(.+)$/) ?? []
  const volume = main.volumeMounts?.find(({ mountPath }) => mountPath === folder)?.name
  const { configMap } = pod.volumes?.find((one) => one.name === volume) ?? {}
  expect((configMap?.defaultMode ?? 0) & 0o111).toBe(0o111)
  expect(dataOf(await render(), configMap?.name ?? '')).toHaveProperty([file])
})

test("a program of the user's own replaces it", async () => {
  const FFMPEG_BINARY = '/usr/bin/ffmpeg'
  expect((await variables({ env: { FFMPEG_BINARY } })).FFMPEG_BINARY).toBe(FFMPEG_BINARY)
})
