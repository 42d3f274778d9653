/** A number from a variable. */
export function integer(text, fallback, name) {
  if (text === undefined || text === '') return fallback
  const number = Number.parseInt(text, 10)
  if (Number.isNaN(number)) throw new Error(`Invalid ${name} environment variable: ${text}`)
  return number
}
