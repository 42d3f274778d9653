// Usage: npm run build, or tsx scripts/draw-diagram.ts [--check]
// Draws the picture in README.md, between its two marks, from a rendered example.
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { chart, exampleFile, root } from '../test/rules/project.ts'
import { fail, readArgs, runScript } from './lib/cli.ts'
import { drawDiagram } from './lib/diagram.ts'
import { emitGenerated } from './lib/generated-files.ts'

const EXAMPLE = exampleFile('ingress-nginx-style')
const [START, END] = ['<!-- diagram:start -->', '<!-- diagram:end -->']

await runScript(async ({ args, print }) => {
  const { values } = readArgs(import.meta, args, {
    options: { check: { type: 'boolean', default: false } },
  })
  const render = await chart.render({ release: 'mastodon', files: [EXAMPLE] })
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [before, after] = [readme.split(START)[0], readme.split(END)[1]]
  if (before === undefined || after === undefined) {
    fail(`README.md: ${START} and ${END} are missing. Put them where the picture belongs.`)
  }
  const picture = `${START}\nDrawn from \`${relative(root, EXAMPLE)}\`:\n\n\`\`\`mermaid\n${drawDiagram(render, 'mastodon-')}\n\`\`\`\n${END}`
  const files = [{ path: 'README.md', text: `${before}${picture}${after}` }]
  await emitGenerated(root, files, 'the chart', values.check ? undefined : print)
})
