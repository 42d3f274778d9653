/** What one value set executed, as Helm's log tells it. */
export interface ProbedSet {
  /** The numbers of the arms, up to where a plain render would end. */
  readonly arms: ReadonlySet<number>
  /** What the log says of the first `fail` or `required` of the chart: a plain render ends there. */
  readonly failure?: string
  /** Whether the templates came to their end; if not, one of them broke off. */
  readonly ended: boolean
  /** What Helm said then. */
  readonly error?: string
}

/** The log of a run: whether probes were seen at all, and each set that was begun. */
export interface ProbeLog {
  readonly works: boolean
  readonly sets: readonly ProbedSet[]
}

// Helm 3 logs `engine.go:227: [INFO] Fail: …`, Helm 4 `level=INFO msg="funcMap fail" message=…`.
const probeLine = /(?:\[INFO\] Fail: |msg="funcMap fail" message="?)~([\w-]+)~"?$/
const failureLine =
  /(?:\[INFO\] (?:Fail|Missing required value): |msg="(?:funcMap fail|missing required values?)" message=)(.*)$/

interface Reading {
  arms: Set<number>
  failure?: string
  ended: boolean
}

/** Reads what `helm lint` of the probe driver wrote to standard error. */
export function readProbeLog(stderr: string): ProbeLog {
  const sets: Reading[] = []
  let works = false
  for (const line of stderr.split('\n')) {
    const set = sets.at(-1)
    const text = probeLine.exec(line)?.[1]
    if (text === 'self-test') works = true
    else if (text === 'set') sets.push({ arms: new Set(), ended: false })
    else if (!set) continue
    else if (text === 'end') set.ended = true
    else if (set.failure === undefined) readLine(set, line, text)
  }
  return { works, sets }
}

function readLine(set: Reading, line: string, probe: string | undefined): void {
  const failure = probe === undefined ? failureLine.exec(line)?.[1] : undefined
  if (probe !== undefined) set.arms.add(Number(probe))
  else if (failure !== undefined) set.failure = failure
}
