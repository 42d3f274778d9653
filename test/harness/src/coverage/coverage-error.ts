/** Thrown when coverage cannot be measured: one sentence with the remedy. */
export class CoverageError extends Error {
  override readonly name = 'CoverageError'
}
