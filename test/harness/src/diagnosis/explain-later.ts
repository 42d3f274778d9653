// A look-up or a matcher fails at once, but explaining takes renders. So it only leaves word; when the
// test is over and has failed, the hook of vitest/explain-setup.ts asks for the explanations.
import type { Render } from '../render/render.ts'
import { type Explanation, explain } from './explain.ts'
import type { Subject } from './observe.ts'

const most = 50
const waiting = new Map<string, () => Promise<readonly Explanation[]>>()

/** Leaves word how a failure with this message is explained. */
export function explainLater(message: string, render: Render, subjects: readonly Subject[]): void {
  // A test may expect failures by the thousand.
  if (waiting.size >= most) forgetExplanations()
  waiting.set(message, () =>
    Promise.all(subjects.map(({ object, path }) => explain(render, object, path))),
  )
}

/** The explanations of the failure that this message tells of. */
export async function explanationsOf(message: string): Promise<readonly Explanation[]> {
  const told = [...waiting.keys()].find((key) => message.includes(key))
  return (told === undefined ? undefined : await waiting.get(told)?.()) ?? []
}

/** Forgets all that waits to be explained. */
export function forgetExplanations(): void {
  waiting.clear()
}
