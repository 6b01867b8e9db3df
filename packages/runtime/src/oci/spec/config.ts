// config.json as the runtime specification 1.3 has it: https://github.com/opencontainers/runtime-spec/blob/main/config.md

import type { Hooks } from './hooks.js'
import type { IdMapping, Linux } from './linux.js'
import type { Process } from './process.js'

/** A mount of `mounts`. */
export interface Mount {
  destination: string
  type?: string
  source?: string
  options?: readonly string[]
  uidMappings?: readonly IdMapping[]
  gidMappings?: readonly IdMapping[]
}

/** The root file system. `path` is absolute, or relative to the bundle. */
export interface Root {
  path: string
  readonly?: boolean
}

/** A container as its bundle describes it. */
export interface Config {
  ociVersion: string
  root?: Root
  mounts?: readonly Mount[]
  process?: Process
  hostname?: string
  domainname?: string
  hooks?: Hooks
  annotations?: Readonly<Record<string, string>>
  linux?: Linux
}
