// An OpenID provider with one client, which signs in whoever says his name, and writes a line for each request.
import { createServer } from 'node:https'
import Provider from 'oidc-provider'
import { certificate, log } from './server.js'

const { CLIENT_ID, CLIENT_SECRET, ISSUER, PORT, REDIRECT_URI } = process.env

const provider = new Provider(ISSUER, {
  clients: [{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [REDIRECT_URI] }],
  cookies: { keys: ['cookies'] },
  claims: { openid: ['sub'], profile: ['preferred_username'], email: ['email', 'email_verified'] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => false },
  interactions: { url: (_, { uid }) => `/login/${uid}` },
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({
      sub,
      preferred_username: `${sub}.of-id`,
      email: `${sub}@example.com`,
      email_verified: true,
    }),
  }),
  // Nobody is asked what Mastodon may know.
  async loadExistingGrant({ oidc: { client, session, params } }) {
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
    grant.addOIDCScope(params.scope)
    await grant.save()
    return grant
  },
})

provider.use(async (context, next) => {
  const user = context.path.startsWith('/login/') && context.query.user
  if (user) {
    const { req, res } = context
    context.respond = false
    return provider.interactionFinished(req, res, { login: { accountId: user } })
  }
  await next()
  const { method, path, status, oidc } = context
  const { scope, redirect_uri, response_type, code_challenge_method } = oidc?.params ?? {}
  // How Mastodon authenticated itself.
  const by = context.get('authorization').split(' ')[0] || undefined
  const asked = { scope, redirect_uri, response_type, code_challenge_method, by }
  const client = oidc?.client?.clientId
  log({ request: `${method} ${path}`, status, client, ...asked, error: context.body?.error })
})

createServer(certificate(), provider.callback()).listen(Number(PORT), () =>
  log({ listens: Number(PORT) }),
)
