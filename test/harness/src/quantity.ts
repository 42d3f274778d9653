const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** A Kubernetes quantity such as `10Gi` as a number; 0 when it is absent. */
export function bytes(quantity: unknown): number {
  const match = /^([\d.]+(?:e\d+)?)([kMGTPE]i?|Ki)?$/.exec(String(quantity ?? '0'))
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? 1) : 0
}
