import { expect, test } from 'vitest'
import { limiter, printCommand, runCommand, shellCommand } from '../src/tools/run-command.ts'

test('a command gets its input and only the environment that is passed', async () => {
  const script = 'process.stdin.pipe(process.stdout); console.error(process.env)'
  const given = { input: 'in', env: { A: '1' } }
  const result = await runCommand(process.execPath, ['-e', script], given)
  expect(result).toEqual({ code: 0, stdout: 'in', stderr: "{ A: '1' }\n" })
})

test('a program that does not exist rejects', async () => {
  await expect(runCommand('/nowhere/program', [])).rejects.toThrow('ENOENT')
})

test('a program that hangs is killed, and what it printed is kept', async () => {
  const script = 'console.log("began"); setInterval(() => {}, 1000)'
  const result = await runCommand(process.execPath, ['-e', script], { timeout: 1000 })
  expect(result).toEqual({ code: 1, stdout: 'began\n', stderr: 'Killed after 1 s.\n' })
})

test('no more tasks than the limit run at a time, and a failed one makes room', async () => {
  const limit = limiter(2)
  let running = 0
  const seen: number[] = []
  const task = async (): Promise<void> => {
    seen.push(++running)
    await new Promise((resolve) => setTimeout(resolve, 2))
    running--
    if (seen.length === 3) throw new Error('third')
  }
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => limit(task)))
  expect(Math.max(...seen)).toBe(2)
  expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(4)
  expect(seen).toHaveLength(8)
})

test('a command line can be pasted into a shell', async () => {
  const words = ['-c', `it's "$HOME"`, 'a b', 'plain', '']
  const { stdout } = await runCommand('sh', ['-c', shellCommand('printf', ['%s|', ...words])])
  expect(stdout).toBe(`${words.join('|')}|`)
})

test('text that is printed for another command keeps its backslashes', async () => {
  const texts = ['{"a":"b"}', '{"a":"b\\nc\\\\d"}', `it's\\t`]
  const commands = texts.map((text) => runCommand('sh', ['-c', printCommand(text)]))
  const printed = await Promise.all(commands)
  expect(printed.map(({ stdout }) => stdout.replace(/\n$/, ''))).toEqual(texts)
})
