// What a person reads when something fails, word for word.
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { explain } from '../src/diagnosis/explain.ts'
import { formatExplanation } from '../src/diagnosis/format.ts'
import { documentOf } from '../src/diagnosis/lines/documents.ts'
import { markedLineOf, renderMarked } from '../src/diagnosis/lines/template-lines.ts'
import { createChart } from '../src/render/chart.ts'
import { originOf } from '../src/render/render.ts'
import type { RenderRequest } from '../src/render/request.ts'
import { clean, fixture } from './support.ts'

const folder = fixture('diagnosis')
const chart = createChart({ path: join(folder, 'chart'), release: 'r' })
const files = [join(folder, 'web.yaml')]

/** Without the machine's folders. */
function short(text: string): string {
  return text.replaceAll(`${folder}/`, '').replaceAll(`${relative(process.cwd(), folder)}/`, '')
}

describe.each([3, 4] as const)('Helm %i', (helm) => {
  const explained = async (object: string, path?: string): Promise<string[]> => {
    const render = await chart.render({ helm, files, values: { password: 'a-secret-word' } })
    return short(formatExplanation(await explain(render, object, path))).split('\n')
  }
  const command = `see it:  echo '{"password":"(masked)"}' | helm template r chart -n default -f web.yaml -f - # Helm ${helm}`
  const refusal = async (options: RenderRequest): Promise<string[]> => {
    const error: unknown = await chart.render({ helm, files, ...options }).catch((reason) => reason)
    return short(error instanceof Error ? error.message : 'no error').split('\n')
  }

  // Helm 4 leaves blank lines at the end of documents.
  const first = helm === 3 ? 21 : 23

  test('a field: rendered lines, template line, values line, command', async () => {
    expect(await explained('Deployment/web', 'spec.replicas')).toEqual([
      `  ${first} | metadata:`,
      `  ${first + 1} |   name: web`,
      `  ${first + 2} | spec:`,
      `> ${first + 3} |   replicas: 4`,
      `  ${first + 4} |   selector:`,
      `  ${first + 5} |     matchLabels: {app: web}`,
      `  ${first + 6} |   template:`,
      '',
      'made by: chart/templates/deployment.yaml:6',
      'set by:  web.yaml:3 (web.replicas)',
      command,
    ])
  })

  test('a field of a define: its line and the include, a default', async () => {
    const path = 'spec.template.spec.containers[0].image'
    expect((await explained('Deployment/web', path)).slice(-3)).toEqual([
      'made by: chart/templates/_helpers.tpl:3, included by chart/templates/deployment.yaml:16',
      'set by:  chart/values.yaml:3 (web.image, default)',
      command,
    ])
  })

  test('a field that no value sets has no values line', async () => {
    expect((await explained('Deployment/web', 'metadata.name')).slice(-2)).toEqual([
      'made by: chart/templates/deployment.yaml:4',
      command,
    ])
  })

  test('an object that was not rendered: the value that would bring it', async () => {
    expect(await explained('Ingress/web')).toEqual([
      'set by:  chart/values.yaml:7 (ingress.enabled, default)',
      command,
    ])
  })

  test('what a Secret holds is not shown', async () => {
    expect(await explained('Secret/web', 'stringData.PASSWORD')).toEqual([
      '  5 | metadata:',
      '  6 |   name: web',
      '  7 | stringData:',
      '> 8 |   PASSWORD: (masked)',
      '',
      'made by: chart/templates/secret.yaml:6',
      'set by:  password, given by the test',
      command,
    ])
  })

  test('values that the schema refuses', async () => {
    expect(await refusal({ files: [join(folder, 'negative.yaml')] })).toEqual([
      'web.replicas: must be at least 0',
      `  helm template r chart -n default -f negative.yaml # Helm ${helm}`,
      '',
      '  set by: negative.yaml:2 (web.replicas)',
    ])
  })

  test('a rule of the chart', async () => {
    expect(await refusal({ values: { web: { replicas: 10 } } })).toEqual([
      'shop/templates/validate.yaml:2:4: web.replicas: at most 9. Lower it.',
      `  echo '{"web":{"replicas":10}}' | helm template r chart -n default -f web.yaml -f - # Helm ${helm}`,
      '',
      '  chart/templates/validate.yaml:2',
      '    1 | {{- if gt (int .Values.web.replicas) 9 }}',
      '  > 2 | {{- fail "web.replicas: at most 9. Lower it." }}',
      '      |     ^',
      '    3 | {{- end }}',
      '    4 | {{- if .Values.web.deep }}{{ .Values.web.deep.er.still }}{{ end }}',
      '',
      '  set by: web.replicas, given by the test',
    ])
  })

  test('a rule of a chart that itself reports which keys its refusals name', async () => {
    const path = join(folder, 'chart')
    const own = createChart({ path, release: 'r', keysIn: () => ['ingress.enabled'] })
    const failing = own.render({ helm, files, values: { web: { replicas: 10 } } })
    await expect(failing).rejects.toThrow(
      /set by: \S*chart\/values\.yaml:7 \(ingress\.enabled, default\)$/,
    )
  })

  test('a template that fails', async () => {
    const lines = await refusal({ values: { web: { deep: { here: 1 } } } })
    expect(lines.slice(2)).toEqual([
      '',
      '  chart/templates/validate.yaml:4',
      '    1 | {{- if gt (int .Values.web.replicas) 9 }}',
      '    2 | {{- fail "web.replicas: at most 9. Lower it." }}',
      '    3 | {{- end }}',
      '  > 4 | {{- if .Values.web.deep }}{{ .Values.web.deep.er.still }}{{ end }}',
      `      | ${' '.repeat(36)}^`,
      '',
      '  set by: web.deep, given by the test',
    ])
  })

  test('what is not YAML: the rendered lines and the line that wrote them', async () => {
    const lines = await refusal({ values: { web: { broken: true } } })
    expect(lines.slice(2)).toEqual([
      '',
      '  chart/templates/config-map.yaml:8 wrote',
      '    4 |   name: web',
      '    5 | data:',
      '    6 |   key: value',
      '  > 7 |  bad: [1',
    ])
  })

  test('marks change nothing: every line of every object is known', async () => {
    for (const render of [await chart.render({ helm, files }), await clean.render({ helm })]) {
      const origin = originOf(render)
      const marked = origin && (await renderMarked(origin))
      const lines = render.objects.flatMap(({ kind, metadata }) => {
        const document = documentOf(render, `${kind}/${metadata.name}`)
        const text = document?.yaml.text.split('\n') ?? []
        return text.map(
          (_, index) => marked && document && markedLineOf(marked, document, index + 1),
        )
      })
      expect(lines.length).toBeGreaterThan(30)
      expect(lines.filter((line) => line === undefined)).toEqual([])
    }
  })
})
