// Logs in to PostgreSQL and Redis with streaming's own code, whose health is OK whatever they answer. A server that is
// down is waited for; one that refuses the login for a minute ends this, so that a restart reads a corrected Secret.
const { writeFileSync } = require('node:fs')
const env = process.env
process.on('SIGTERM', () => process.exit(143))
// In milliseconds: a new password reaches the server and its clients at different moments.
const patience = Number(env.LOGIN_PATIENCE || 60) * 1000
// What is said of a server, or the one behind a pooler, that is down, starting or full; 57P and 53 are classes of
// PostgreSQL's codes. Anything else is an answer.
const absent = new RegExp(
  [
    '^(57P|53)|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|timeout|no answer|closed',
    'terminated|cannot connect to server|try again later|no more connections|max number of clients',
    'LOADING|MASTERDOWN',
  ].join('|'),
)
const decoded =
  'Ruby decodes "%" and two hexadecimal digits in a password of Redis, Node does not. Choose a password without "%".'
const wrong = env.REDIS_SENTINELS
  ? 'Correct redis.password, or redis.sentinel.password if it is a Sentinel.'
  : 'Correct redis.password, or the Secret with REDIS_PASSWORD or REDIS_URL.'
const missing = (variable, key) =>
  `Streaming got no ${variable}. Set ${key} or streaming.envFrom: from the top-level envFrom it gets variables only if ` +
  'that has a single item.'
// The chart's own has no host.
const url = env.DATABASE_URL?.startsWith('postgresql:///?') ? undefined : env.DATABASE_URL
const addToUrl =
  'It only accepts connections with TLS. Add uselibpqcompat=true&sslmode=require to DATABASE_URL: postgresql.sslMode ' +
  'does not count for Node beside it.'
const remedies = {
  PostgreSQL: [
    [
      /no encryption|SSL off|SSL (connection is )?required|insecure/,
      url ? addToUrl : 'It only accepts connections with TLS. Set postgresql.sslMode to require.',
    ],
    [
      /does not support SSL/,
      'It has no TLS. Set postgresql.sslMode to prefer, or switch TLS on in the server.',
    ],
    [
      /altnames/,
      'Node always checks the host name, even with verify-ca. Set postgresql.host to a name in the certificate, ' +
        'or streaming.env.DB_SSLMODE to no-verify, which encrypts but checks nothing.',
    ],
    [
      /valid client certificate|certificate authentication failed/,
      'It only lets in who shows a certificate for this role. Set postgresql.clientCertificate.',
    ],
    [/certificate/, 'Set postgresql.ca or caBundle to the authority that signed the certificate.'],
    [
      /password|authentication failed|no such user/i,
      !env.DB_PASS && !url
        ? missing('DB_PASS', 'postgresql.password')
        : 'Correct postgresql.password, or the Secret with DB_PASS.',
    ],
    [/does not exist/, 'Create it, or correct postgresql.database and postgresql.user.'],
  ],
  Redis: [
    [/NOAUTH/, env.REDIS_URL ? wrong : missing('REDIS_PASSWORD', 'redis.password')],
    [/WRONGPASS|invalid password/, /%[0-9a-f]{2}/i.test(env.REDIS_PASSWORD) ? decoded : wrong],
    [/No such master/, 'Correct redis.sentinel.master.'],
    [/DB index/, 'Correct redis.database, or the number at the end of redis.url.'],
    [
      /altnames/,
      'Correct redis.host, or the host in redis.url: it must be a name in the certificate.',
    ],
    [/certificate/, 'Set caBundle to the authority that signed the certificate.'],
  ],
}

const logins = {
  async PostgreSQL() {
    const { configFromEnv } = await import('./streaming/database.js')
    const { default: pg } = await import('pg')
    const client = new pg.Client(configFromEnv(env, env.NODE_ENV))
    client.on('error', () => {})
    try {
      await client.connect()
      await client.query('SELECT 1')
    } finally {
      client.end().catch(() => {})
    }
  },
  async Redis() {
    const { configFromEnv, createClient } = await import('./streaming/redis.js')
    let client
    const answer = await new Promise((resolve) => {
      client = createClient(configFromEnv(env), { error: ({ err }) => resolve(err) })
      client.ping().then(() => resolve(), resolve)
      setTimeout(() => resolve(new Error('no answer')), 20_000).unref()
    })
    client.disconnect()
    if (answer) throw answer
  },
}

function refuse(sentence) {
  console.error(sentence)
  try {
    writeFileSync('/dev/termination-log', sentence)
  } catch {}
  process.exit(1)
}

// A host may have several addresses, and Sentinels are asked one after the other.
function reasonOf(error) {
  const { message, code = '' } = error.errors?.[0] ?? error
  const text = (message || code || String(error)).replace(/^.*Last error: /, '')
  return { text, isAnswer: !absent.test(`${code} ${text}`) }
}

function sentence(server, text) {
  const remedy = remedies[server].find(([pattern]) => pattern.test(text))?.[1] ?? ''
  return `${server} refuses the login: ${text.replace(/\.$/, '')}. ${remedy}`.trim()
}

async function logIn(server) {
  let since
  let told
  for (;;) {
    try {
      return await logins[server]()
    } catch (error) {
      const { text, isAnswer } = reasonOf(error)
      if (text !== told) console.log(`Waiting for ${server}: ${text}`)
      told = text
      since = isAnswer ? (since ?? Date.now()) : undefined
      if (since !== undefined && Date.now() - since >= patience) refuse(sentence(server, text))
      await new Promise((resolve) => setTimeout(resolve, 2000))
    }
  }
}

// The error of URL would print the password.
for (const name of ['DATABASE_URL', 'REDIS_URL']) {
  if (!env[name] || URL.canParse(env[name])) continue
  refuse(`${name} is not a URL. Escape special characters in its password (%40 for @).`)
}
Promise.all(Object.keys(logins).map(logIn)).then(() => process.exit(0))
