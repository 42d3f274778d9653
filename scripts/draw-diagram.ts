// Draws the picture in README.md, between its two marks, from a rendered example.
// Usage: npm run build, or tsx scripts/draw-diagram.ts [--check]
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createChart } from 'chart-harness'
import { fail, readArgs, runScript } from './lib/cli.ts'
import { drawDiagram } from './lib/diagram.ts'
import { checkGenerated, writeGenerated } from './lib/generated-files.ts'
import '../test/rules/project.ts'

const USAGE = 'draw-diagram: tsx scripts/draw-diagram.ts [--check]'
const ROOT = join(import.meta.dirname, '..')
const EXAMPLE = 'values-examples/ingress-nginx-style.yaml'
const [START, END] = ['<!-- diagram:start -->', '<!-- diagram:end -->']

await runScript(async ({ args, print }) => {
  const { values: options } = readArgs(USAGE, {
    args: [...args],
    options: { check: { type: 'boolean', default: false } },
  })
  const chart = createChart({ path: join(ROOT, 'chart'), release: 'mastodon' })
  const render = await chart.render({ files: [join(ROOT, EXAMPLE)] })
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
  const [before, after] = [readme.split(START)[0], readme.split(END)[1]]
  if (before === undefined || after === undefined) {
    fail(`README.md: ${START} and ${END} are missing. Put them where the picture belongs.`)
  }
  const picture = `${START}\nDrawn from \`${EXAMPLE}\`:\n\n\`\`\`mermaid\n${drawDiagram(render, 'mastodon-')}\n\`\`\`\n${END}`
  const files = [{ path: 'README.md', text: `${before}${picture}${after}` }]
  if (options.check) return checkGenerated(ROOT, files, 'the chart')
  for (const path of await writeGenerated(ROOT, files)) print(`wrote ${path}`)
})
