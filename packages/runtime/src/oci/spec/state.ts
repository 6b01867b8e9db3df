/** Where in its life a container is. */
export type Status = 'creating' | 'created' | 'running' | 'paused' | 'stopped'

/** The state of a container as hooks and callers get it (runtime-spec, "runtime.md"). */
export interface State {
  ociVersion: string
  id: string
  status: Status
  /** Of the container process; absent once it has ended. */
  pid?: number
  /** Absolute path. */
  bundle: string
  annotations?: Readonly<Record<string, string>>
}
