import type { Values } from './render.ts'

/** Values over values: maps merge, all else replaces. */
export function merge(...parts: readonly Values[]): Values {
  return parts.reduce<Record<string, unknown>>((all, part) => over(all, { ...part }), {}) as Values
}

function over(
  base: Record<string, unknown>,
  top: Record<string, unknown>,
): Record<string, unknown> {
  const entries = Object.entries(top).map(([key, value]) => {
    const below = base[key]
    return [key, isMap(below) && isMap(value) ? over(below, value) : value]
  })
  return { ...base, ...Object.fromEntries(entries) }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
