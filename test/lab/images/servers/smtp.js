// A mail server that demands a login. It writes a line for each mail, and for each login that it refuses.
import { SMTPServer } from 'smtp-server'
import { certificate, log } from './server.js'

// TLS is `implicit`, `starttls` or `none`.
const { LOGIN, PASSWORD, PORT, TLS } = process.env

const server = new SMTPServer({
  ...certificate(),
  secure: TLS === 'implicit',
  disabledCommands: TLS === 'none' ? ['STARTTLS'] : [],
  allowInsecureAuth: TLS === 'none',
  authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
  onAuth({ method, username, password, validatePassword }, _session, done) {
    const right = method === 'CRAM-MD5' ? validatePassword(PASSWORD) : password === PASSWORD
    if (username === LOGIN && right) return done(null, { user: `${username} by ${method}` })
    log({ refused: username, method })
    done(Object.assign(new Error('Invalid username or password'), { responseCode: 535 }))
  },
  async onData(stream, { envelope, hostNameAppearsAs, tlsOptions, user }, done) {
    const mail = Buffer.concat(await stream.toArray()).toString()
    const headers = mail.split('\r\n\r\n')[0].split('\r\n')
    const [from, replyTo] = ['From', 'Reply-To'].map((name) =>
      headers.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2),
    )
    log({
      ...{ greeted: hostNameAppearsAs, tls: tlsOptions.version, user, from, replyTo },
      ...{ sender: envelope.mailFrom.address, to: envelope.rcptTo.map(({ address }) => address) },
    })
    done()
  },
})
server.on('error', ({ message }) => log({ error: message }))
server.listen(Number(PORT), () => log({ listens: Number(PORT) }))
