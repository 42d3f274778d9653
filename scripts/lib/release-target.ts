// A place that charts are published to. There are two: release-registry.ts, release-folder.ts.
import type { Helm } from './release-helm.ts'

/** The chart version that is being released, and what a target needs to publish it. */
export interface Release {
  name: string
  version: string
  /** The archive's file name, which is the same everywhere. */
  file: string
  helm: Helm
  /** An empty scratch folder that is removed afterwards. */
  workDir: string
}

/** What a target already has under this version. */
export interface Found {
  /** A local copy of the archive that is there. */
  archive?: string
  /** Whether users find it. An archive that no index lists is the rest of a failed release. */
  listed: boolean
}

/** A place that charts are published to. Nothing is written before `publish`. */
export interface Target {
  /** The place and version as messages name it. */
  label: string
  find(): Promise<Found>
  publish(archive: string): Promise<void>
  /** Fetches what users get, fails unless it is this archive, and says what was compared. */
  verify(archive: string): Promise<string>
}
