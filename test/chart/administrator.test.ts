import { expect, test } from 'vitest'
import { render, type Values } from './render.ts'
import { envOf, initOf, viewOf } from './views.ts'

const admin: Values = {
  mastodon: { admin: { enabled: true, username: 'alice', email: 'alice@example.com' } },
}

test('there is no administrator unless asked for', async () => {
  const chart = await render()
  expect(chart.has('Role', 'mastodon-admin')).toBe(false)
  expect(
    chart
      .all('Job')
      .map(({ metadata }) => metadata.name)
      .join(),
  ).not.toContain('admin')
})

test('the administrator is made as the values say, the password goes to a Secret', async () => {
  expect(envOf(viewOf(await render(admin), 'admin').main)).toMatchObject({
    ADMIN_USERNAME: 'alice',
    ADMIN_EMAIL: 'alice@example.com',
    SECRET: 'mastodon-admin',
  })
})

test('the Secret of the administrator names the release as generated ones do', async () => {
  const chart = await render(admin)
  const { LABELS } = envOf(viewOf(chart, 'admin').main)
  expect(JSON.parse(String(LABELS))).toEqual({
    ...JSON.parse(String(envOf(viewOf(chart, 'secrets').main).LABELS)),
    'app.kubernetes.io/component': 'admin',
  })
})

test('the administrator may touch one Secret', async () => {
  expect((await render(admin)).one('Role', 'mastodon-admin').rules).toEqual([
    {
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: ['mastodon-admin'],
      verbs: ['create', 'get', 'patch'],
    },
  ])
})

test('the administrator waits at the gate', async () => {
  const view = viewOf(await render(admin), 'admin')
  expect(initOf(view, 'gate').args).toEqual(['bundle', 'exec', 'ruby', '/scripts/gate.rb'])
})
