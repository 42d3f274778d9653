// The command line of the release script.
import { resolve } from 'node:path'
import { fail, readArgs } from './cli.ts'
import { versionProblem } from './release-checks.ts'
import { registryAddressProblem } from './release-registry.ts'

const FORM =
  'npm run release -- VERSION [--to oci://HOST/FOLDER] [--http DIR [--url URL]] [--plain-http] [--dry-run]'

/** What to release and where to. */
export interface ReleaseOptions {
  version: string
  to: string | undefined
  http: string | undefined
  url: string | undefined
  plainHttp: boolean
  dryRun: boolean
}

/** Reads the arguments; paths are relative to `root`. Fails with a sentence when they make no sense. */
export function readOptions(args: readonly string[], root: string): ReleaseOptions {
  const { values, positionals } = readArgs(`release: ${FORM}`, {
    args: [...args],
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      http: { type: 'string' },
      url: { type: 'string' },
      'plain-http': { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
    },
  })
  const [version, ...rest] = positionals
  if (version === undefined || rest.length > 0) fail(`release: give one version. Usage: ${FORM}`)
  const { to, http, url } = values
  const options = {
    version,
    to: to?.replace(/\/+$/, ''),
    http: http === undefined ? undefined : resolve(root, http),
    url: url?.replace(/\/+$/, ''),
    plainHttp: values['plain-http'],
    dryRun: values['dry-run'],
  }
  const problem = optionProblem(options)
  return problem === undefined ? options : fail(`release: ${problem}`)
}

function optionProblem({ version, to, http, url }: ReleaseOptions): string | undefined {
  const wrongVersion = versionProblem(version)
  if (wrongVersion) return wrongVersion
  if (to === undefined && http === undefined) {
    return 'nowhere to publish to. Give --to oci://HOST/FOLDER, or --http DIR, or both.'
  }
  if (url !== undefined && http === undefined)
    return '--url needs --http DIR, the folder it serves.'
  if (url !== undefined && !/^https?:\/\/./.test(url)) {
    return `--url ${url}: not a web address. Write https://HOST/FOLDER.`
  }
  return to === undefined ? undefined : registryAddressProblem(to)
}
