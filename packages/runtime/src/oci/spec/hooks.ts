/** A program that is run at a point of the life of a container, with its state on standard input. */
export interface Hook {
  /** Absolute path. */
  path: string
  /** With the name first, as execve(2) has it. */
  args?: readonly string[]
  env?: readonly string[]
  /** Seconds. */
  timeout?: number
}

/** The points at which hooks run. */
export type HookName = 'prestart' | 'createRuntime' | 'createContainer' | 'startContainer' | 'poststart' | 'poststop'

/** Hooks by the point at which they run. */
export type Hooks = Readonly<Partial<Record<HookName, readonly Hook[]>>>
