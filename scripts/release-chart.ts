// Usage: npm run release -- VERSION [--to oci://HOST/FOLDER] [--http DIR [--url URL]] [--plain-http] [--dry-run]
// Publishes the chart of the current commit; docs/releasing.md explains the steps and options.
import { runScript } from './lib/cli.ts'
import { release } from './lib/release.ts'

await runScript(release)
