// What the facilities need that are off by default: values with which each of them can be switched on.

const credential = { existingSecret: 'mine', key: 'word' }
const id = 'https://id.example.com'

/** Endpoints of a provider that cannot be asked for them. */
export const endpoints = {
  authEndpoint: `${id}/authorize`,
  tokenEndpoint: `${id}/token`,
  userInfoEndpoint: `${id}/me`,
  jwksUri: `${id}/jwks`,
}

/** What a provider needs that can be asked. */
export const oidc = { issuer: id, clientId: 'mastodon', clientSecret: credential }

/** What an identity provider needs. */
export const saml = { idpSsoTargetUrl: `${id}/sso`, idpCert: 'PEM' }

/** What a CAS server needs. */
export const cas = { url: 'https://cas.example.com/cas' }

/** What a directory needs. */
export const ldap = {
  ...{ host: 'ldap.example.com', base: 'dc=example', bindDn: 'cn=fedi' },
  password: credential,
}

/** All of them, and the other services, as far as they can stand side by side while they are off. */
export const configured = {
  auth: {
    oidc: { ...oidc, ...endpoints, discovery: false },
    saml: { ...saml, cert: 'PEM', privateKey: credential },
    cas,
    ldap,
  },
  captcha: { siteKey: 'site', secretKey: credential },
  cacheBuster: { secretHeader: 'X-Purge', secret: credential },
  telemetry: { sampler: 'traceidratio' },
}

/** Further values that a key, or the switch of its facility, needs. */
export const needs: Readonly<Record<string, object>> = {
  'auth.only': { auth: { oidc: { enabled: true } } },
  'auth.oneClick': { auth: { only: true, oidc: { enabled: true } } },
  'auth.cas.host': { auth: { cas: { url: '' } } },
  'smtp.bulk.server': { smtp: { server: 'mail.example.com' } },
  'smtp.bulk.tls': { smtp: { bulk: { port: 2465 } } },
  'smtp.tls': { smtp: { port: 2465 } },
}

/** Keys that may not be empty while their facility is on. */
export const required = [
  ...['issuer', 'clientId', 'scope', ...Object.keys(endpoints)].map((key) => `auth.oidc.${key}`),
  ...Object.keys(saml).map((key) => `auth.saml.${key}`),
  ...[
    'auth.saml.cert',
    'auth.cas.url',
    'auth.cas.host',
    'auth.ldap.host',
    'auth.ldap.base',
    'auth.ldap.bindDn',
  ],
  ...['captcha.siteKey', 'cacheBuster.secretHeader'],
]

/** What the render says of a key that is needed for `when`, and that a variable may replace. */
export const needed = (path: string, when: string, variable: string): string =>
  `${path}: required when ${when}. Set it, or the variable ${variable}.`

/** A Secret in which any variable may be. */
export const elsewhere = { envFrom: [{ secretRef: { name: 'old-env' } }] }
