import { cas, elsewhere, endpoints, ldap, needed, oidc, saml } from './facilities.ts'
import { merge, type Rules, type Values } from './render.ts'

type Provider = 'oidc' | 'saml' | 'cas' | 'ldap'

const auth = (block: object): Values => ({ auth: block })
const on = (provider: Provider, block: object, more: object = {}): Values =>
  auth({ ...more, [provider]: { enabled: true, ...block } })

const isOn = (provider: Provider) => `auth.${provider}.enabled is true`
const needless = (key: string): string =>
  `auth.oidc.${key}: has no effect, as auth.oidc.discovery asks the provider for it. Set auth.oidc.discovery to false, or remove this line.`

const noEntrance =
  'auth.only: leaves no way to sign in, as none of auth.oidc, auth.saml and auth.cas is enabled, and auth.ldap needs the form for passwords. Enable one of them, or remove this line.'
const notOne =
  'auth.oneClick: has no effect unless exactly one of auth.oidc, auth.saml and auth.cas is enabled. Enable only one, or remove this line.'

/** Rules of zz-validate/_sign-in.tpl about all providers. */
export const signInRules: Rules = {
  'no way to sign in': {
    broken: on('ldap', ldap, { only: true }),
    says: noEntrance,
    met: [
      on('oidc', oidc, { only: true }),
      merge(auth({ only: true, oneClick: true }), elsewhere),
      merge(auth({ only: true }), { env: { SAML_ENABLED: true } }),
    ],
  },
  'a directory without the form that it needs': {
    broken: merge(on('oidc', oidc, { only: true }), on('ldap', ldap)),
    says: 'auth.ldap.enabled: has no effect when auth.only is true, as LDAP needs the form for passwords. Remove one of them.',
    met: merge(on('oidc', oidc), on('ldap', ldap)),
  },
  'one click to two providers': {
    broken: merge(on('oidc', oidc, { only: true, oneClick: true }), on('saml', saml)),
    says: notOne,
    met: on('saml', saml, { only: true, oneClick: true }),
  },
  'one click beside a form': {
    broken: on('cas', cas, { oneClick: true }),
    says: 'auth.oneClick: has no effect unless auth.only is true. Set auth.only, or remove this line.',
    met: [
      on('cas', cas, { only: true, oneClick: true }),
      { ...on('cas', cas, { oneClick: true }), env: { OMNIAUTH_ONLY: 'true' } },
    ],
  },
}

/** Its rules about each provider. */
export const providerRules: Rules = {
  'OpenID Connect without what it needs': {
    broken: on('oidc', { scope: null }),
    says: [
      needed('auth.oidc.clientId', isOn('oidc'), 'OIDC_CLIENT_ID'),
      needed('auth.oidc.clientSecret', isOn('oidc'), 'OIDC_CLIENT_SECRET'),
      needed('auth.oidc.issuer', isOn('oidc'), 'OIDC_ISSUER'),
      needed('auth.oidc.scope', isOn('oidc'), 'OIDC_SCOPE'),
    ],
    met: [
      on('oidc', oidc),
      merge(on('oidc', { scope: [] }), elsewhere),
      merge(on('oidc', { ...oidc, clientSecret: {} }), { secretEnv: { OIDC_CLIENT_SECRET: 'x' } }),
    ],
  },
  'a provider that is neither asked nor described': {
    broken: on('oidc', { ...oidc, discovery: false }),
    says: [
      needed('auth.oidc.authEndpoint', 'auth.oidc.discovery is false', 'OIDC_AUTH_ENDPOINT'),
      needed('auth.oidc.jwksUri', 'auth.oidc.discovery is false', 'OIDC_JWKS_URI'),
      needed('auth.oidc.tokenEndpoint', 'auth.oidc.discovery is false', 'OIDC_TOKEN_ENDPOINT'),
      needed(
        'auth.oidc.userInfoEndpoint',
        'auth.oidc.discovery is false',
        'OIDC_USER_INFO_ENDPOINT',
      ),
    ],
    met: on('oidc', { ...oidc, ...endpoints, discovery: false, issuer: 'http://id.example.com' }),
  },
  'a provider that is both asked and described': {
    broken: on('oidc', { ...oidc, ...endpoints }),
    says: Object.keys(endpoints).map(needless),
    met: on('oidc', { ...oidc, endSessionEndpoint: 'https://id.example.com/logout' }),
  },
  'a provider that is asked without TLS': {
    broken: on('oidc', { ...oidc, issuer: 'http://id.example.com' }),
    says: 'auth.oidc.issuer: must begin with https:// when auth.oidc.discovery is true, as the provider is asked by https. Correct it, or set the endpoints and auth.oidc.discovery to false.',
    met: on('oidc', { ...oidc, issuer: 'https://id.example.com/' }),
  },
  'the address of the configuration in place of the issuer': {
    broken: on('oidc', { ...oidc, issuer: `${oidc.issuer}/.well-known/openid-configuration` }),
    says: 'auth.oidc.issuer: must be the issuer itself, not the address of its configuration. Remove /.well-known/openid-configuration.',
    met: on('oidc', oidc),
  },
  'a scope without openid': {
    broken: on('oidc', { ...oidc, scope: ['profile', 'email'] }),
    says: 'auth.oidc.scope: must contain openid, or the provider does not say who signs in. Add it.',
    met: on('oidc', { ...oidc, scope: ['openid'] }),
  },
  'a path without a host': {
    broken: on('oidc', { ...oidc, ...endpoints, discovery: false, tokenEndpoint: '/token' }),
    says: needed('auth.oidc.host', 'auth.oidc.tokenEndpoint is a path', 'OIDC_HOST'),
    met: on('oidc', {
      ...{ ...oidc, ...endpoints, discovery: false, tokenEndpoint: '/token' },
      ...{ host: 'id.example.com', port: 8443 },
    }),
  },
  'SAML without what it needs': {
    broken: on('saml', { wantAssertionEncrypted: true }),
    says: [
      needed('auth.saml.idpSsoTargetUrl', isOn('saml'), 'SAML_IDP_SSO_TARGET_URL'),
      needed(
        'auth.saml.idpCert',
        `${isOn('saml')}, unless auth.saml.idpCertFingerprint is set`,
        'SAML_IDP_CERT',
      ),
      needed('auth.saml.cert', 'auth.saml.wantAssertionEncrypted is true', 'SAML_CERT'),
      needed(
        'auth.saml.privateKey',
        'auth.saml.wantAssertionEncrypted is true',
        'SAML_PRIVATE_KEY',
      ),
    ],
    met: [
      on('saml', { ...saml, cert: 'PEM', privateKey: { value: 'PEM' } }),
      on('saml', { ...saml, idpCert: '', idpCertFingerprint: '5A:1F' }),
    ],
  },
  'a certificate of SAML without its key': {
    broken: on('saml', { ...saml, cert: 'PEM' }),
    says: needed('auth.saml.privateKey', 'auth.saml.cert is set', 'SAML_PRIVATE_KEY'),
    met: [
      { ...on('saml', { ...saml, cert: 'PEM' }), secretEnv: { SAML_PRIVATE_KEY: 'PEM' } },
      on('saml', { ...saml, privateKey: { value: 'PEM' } }),
    ],
  },
  'CAS without a server': {
    broken: on('cas', {}),
    says: needed('auth.cas.url', `${isOn('cas')}, unless auth.cas.host is set`, 'CAS_URL'),
    met: [
      on('cas', { host: 'cas.example.com', port: 8443, ssl: false }),
      { ...on('cas', {}), env: { CAS_HOST: 'cas.example.com' } },
    ],
  },
  'two addresses of one CAS server': {
    broken: on('cas', { ...cas, host: 'cas.example.com' }),
    says: 'auth.cas.host: has no effect beside auth.cas.url. Remove one of them.',
    met: on('cas', cas),
  },
  'a directory without what it needs': {
    broken: on('ldap', {}),
    says: [
      needed('auth.ldap.base', isOn('ldap'), 'LDAP_BASE'),
      needed('auth.ldap.bindDn', isOn('ldap'), 'LDAP_BIND_DN'),
      needed('auth.ldap.host', isOn('ldap'), 'LDAP_HOST'),
      needed('auth.ldap.password', isOn('ldap'), 'LDAP_PASSWORD'),
    ],
    met: [
      on('ldap', { ...ldap, method: 'simple_tls', searchFilter: '(uid=%{email})' }),
      merge(on('ldap', { ...ldap, base: '' }), { env: { LDAP_BASE: 'dc=example' } }),
    ],
  },
  'a directory without TLS at its port for TLS': {
    broken: on('ldap', { ...ldap, port: 636 }),
    says: 'auth.ldap.method: must be simple_tls at port 636, where TLS begins with the first byte. Correct it, or auth.ldap.port.',
    met: [
      on('ldap', { ...ldap, port: 636, method: 'simple_tls' }),
      on('ldap', { ...ldap, port: 1636 }),
      merge(on('ldap', { ...ldap, port: 636 }), { env: { LDAP_METHOD: 'simple_tls' } }),
    ],
  },
  'a directory with TLS at its port without': {
    broken: on('ldap', { ...ldap, port: '389', method: 'simple_tls' }),
    says: 'auth.ldap.method: must not be simple_tls at port 389, where TLS begins later, if at all. Correct it, or auth.ldap.port.',
    met: on('ldap', { ...ldap, port: '389', method: 'plain' }),
  },
}
