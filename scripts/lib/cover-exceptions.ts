// Keys that may change nothing, each with the reason. A reason that is no longer needed fails.

/** By the key's name, as `npm run cover:values` prints it. */
export const exceptions: Readonly<Record<string, string>> = {
  global: 'Helm hands it to every chart that is a dependency; ours reads nothing from it.',
}

/** Keys whose text may come out as another. */
export const taintExceptions: Readonly<Record<string, string>> = {}
