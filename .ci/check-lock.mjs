// Fails if package-lock.json lacks a package that another platform needs: `npm ci` would refuse it there.
import { readFileSync } from 'node:fs'

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
  Object.keys(optionalDependencies)
    .filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
    )
    .map((name) => `${path || 'the root'} needs ${name}`),
)
if (missing.length > 0) {
  console.error(
    `package-lock.json is incomplete: ${missing.join(', ')}. Delete it and node_modules, run npm install.`,
  )
  process.exit(1)
}
console.log(`${Object.keys(packages).length} packages, every platform's among them`)
