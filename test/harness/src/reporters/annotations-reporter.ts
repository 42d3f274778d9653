import { relative } from 'node:path'
import type { TaskMeta } from 'vitest'
import type { Reporter, TestCase } from 'vitest/node'
import type { ReportedExplanation } from '../diagnosis/explain.ts'
import type { TemplateLine } from '../diagnosis/lines/marks.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** Where what failed in this test comes from. */
    explained?: readonly ReportedExplanation[]
  }
}

/**
 * A vitest reporter for GitHub Actions: an error at the template's line that made what a test refuses,
 * a notice at the line of the values file that set it. Vitest's own `github-actions` points at the test.
 */
export function annotationsReporter(): Reporter {
  return {
    onTestRunEnd: (modules) => {
      const failed = modules.flatMap((module) => [...module.children.allTests('failed')])
      const lines = failed.flatMap(annotationsOf)
      for (const line of new Set(lines)) process.stdout.write(`\n${line}\n`)
    },
  }
}

function annotationsOf(test: TestCase): string[] {
  const { explained: all = [] }: TaskMeta = test.meta()
  return all.flatMap(({ message, object, path, template, ...explained }) => {
    const where = [object, path].filter((part) => part !== undefined).join(' ')
    const values = explained.values.flatMap(({ file, line, path: key }) =>
      file === undefined || line === undefined ? [] : [{ file, line, key }],
    )
    const title = test.fullName
    const set = values.map((at) => `set by: ${shorten(at.file)}:${at.line} (${at.key})`)
    const told = [message, ...set, `see it: ${explained.command}`].join('\n')
    const made = (template?.lines ?? [])
      .slice(0, 1)
      .map((at) => annotation('error', at, title, told))
    const given = values.map((at) => {
      const text = `${at.key} sets ${where === '' ? 'what fails' : where}\n${message}`
      return annotation(made.length > 0 ? 'notice' : 'error', at, title, text)
    })
    return [...made, ...given]
  })
}

function annotation(
  level: 'error' | 'notice',
  at: TemplateLine,
  title: string,
  message: string,
): string {
  const [file, name] = [shorten(at.file), title].map(escapeProperty)
  return `::${level} file=${file},line=${at.line},title=${name}::${escapeData(message)}`
}

/** Relative to the repository, or to the current folder. */
function shorten(file: string): string {
  return relative(process.env.GITHUB_WORKSPACE ?? process.cwd(), file)
}

// https://github.com/actions/toolkit/blob/main/docs/commands.md: these would end the command.
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
