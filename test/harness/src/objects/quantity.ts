const units: Readonly<Record<string, number>> = {
  ...{ '': 1, n: 1e-9, u: 1e-6, m: 1e-3 },
  ...{ k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
}

/** A Kubernetes quantity such as `10Gi` or `500m` as a number; undefined when it is not one. */
export function quantity(value: unknown): number | undefined {
  const match = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([numkMGTPE]|[KMGTPE]i)?$/.exec(String(value))
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? 1) : undefined
}

/** A Kubernetes quantity such as `10Gi` as a number; 0 when it is absent. */
export function bytes(value: unknown): number {
  return quantity(value) ?? 0
}
