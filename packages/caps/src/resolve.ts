import { available } from './available.js'
import { ALL, type Capability, type CapabilityName, DOCKER_DEFAULT } from './capabilities.js'
import { capability } from './name.js'

/** A capability or all of them. `CAP_ALL` is understood as well. */
export type CapabilityOrAll = CapabilityName | 'ALL' | 'all'

/** What `--cap-add`, `--cap-drop` and `--privileged` say. */
export interface ResolveOptions {
  /** Capabilities to begin with. Default: `DOCKER_DEFAULT`. */
  base?: readonly CapabilityName[]
  add?: readonly CapabilityOrAll[]
  drop?: readonly CapabilityOrAll[]
  /** All, whatever else is said. Default: false. */
  privileged?: boolean
  /** What all means. Default: what this process could hand on (`available()`). */
  all?: readonly CapabilityName[]
}

/**
 * Work out a container's capabilities with Docker's rules.
 *
 * - `privileged`: all.
 * - `add` with ALL: all but those in `drop`.
 * - `drop` with ALL: those in `add`, nothing else.
 * - otherwise: `base` without `drop`, then `add`; a capability in both is added.
 *
 * @returns names in the order of their numbers.
 * @throws TypeError for an unknown name, with the nearest known one.
 * @example
 * ```ts
 * import { resolve } from '@iso/caps'
 * console.log(resolve({ drop: ['ALL'], add: ['NET_BIND_SERVICE'] })) // [ 'CAP_NET_BIND_SERVICE' ]
 * ```
 */
export function resolve({
  base = DOCKER_DEFAULT,
  add = [],
  drop = [],
  privileged = false,
  all,
}: ResolveOptions = {}): Capability[] {
  const added = read(add)
  const dropped = read(drop)
  const everything = (): Set<Capability> => new Set(all === undefined ? available() : all.map(capability))
  if (privileged) return sorted(everything())
  if (added.all) return sorted(new Set([...everything()].filter((name) => !dropped.names.has(name))))
  if (dropped.all) return sorted(added.names)
  const kept = base.map(capability).filter((name) => !dropped.names.has(name))
  return sorted(new Set([...kept, ...added.names]))
}

function read(list: readonly CapabilityOrAll[]): { all: boolean; names: Set<Capability> } {
  const isAll = (name: string): boolean => /^(CAP_)?ALL$/i.test(name)
  return { all: list.some(isAll), names: new Set(list.filter((name) => !isAll(name)).map(capability)) }
}

function sorted(names: ReadonlySet<Capability>): Capability[] {
  return ALL.filter((name) => names.has(name))
}
