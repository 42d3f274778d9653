/** The rule that must find the fault, in which object, and what is put for what in the clean render. */
export type Fault = readonly [
  rule: string,
  object: string,
  search: string | RegExp,
  replacement: string,
]
