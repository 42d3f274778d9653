/** Makes a value when it is first asked for. */
export function once<T extends NonNullable<unknown>>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** A map, weak or not. */
interface Known<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): unknown
  readonly size?: number
  clear?(): void
}

/** The value of a key, made when it is first asked for. A map that holds `most` values is emptied before. */
export function kept<K, V>(known: Known<K, V>, key: K, make: () => V, most = Infinity): V {
  const old = known.get(key)
  if (old !== undefined) return old
  const value = make()
  if (known.size !== undefined && known.size >= most) known.clear?.()
  known.set(key, value)
  return value
}
