import { readFileSync } from 'node:fs'

/** The certificate of the pod's volume. */
export function certificate() {
  return { cert: readFileSync('/tls/tls.crt'), key: readFileSync('/tls/tls.key') }
}

/** Writes one line of JSON. */
export function log(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`)
}
