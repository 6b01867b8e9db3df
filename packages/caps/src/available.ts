import { readFileSync } from 'node:fs'

import { capget, prctl } from '@iso/native'

import { ALL, CAPABILITIES, type Capability } from './capabilities.js'
import { fromMask } from './mask.js'

/** Capabilities that a launched process can be given. */
export interface Available {
  /** Bounding set of this process. */
  bounding: bigint
  /** Permitted set of this process. */
  permitted: bigint
}

let lastCapability: number | undefined
// A process can only take from its bounding set, and nothing in this package or in Node does so for this one.
let boundingSet: bigint | undefined

/**
 * List the capabilities this process could hand on: those of its bounding set that the kernel knows.
 *
 * In a container or a service some are missing; raising one of these is EPERM whoever asks.
 *
 * @example
 * ```ts
 * import { ALL, available } from '@iso/caps'
 * console.log(ALL.filter((name) => !available().includes(name))) // what is missing here
 * ```
 */
export function available(): Capability[] {
  return fromMask(bounding() & kernelMask())
}

/** What a process launched by this one starts with. In a new user namespace that is everything the kernel has. */
export function held(newUserns: boolean): Available {
  if (newUserns) return { bounding: kernelMask(), permitted: kernelMask() }
  return { bounding: bounding() & kernelMask(), permitted: capget().permitted & kernelMask() }
}

/** The number of the newest capability the running kernel has. */
export function lastCap(): number {
  return (lastCapability ??= readLastCap())
}

function kernelMask(): bigint {
  return (1n << BigInt(lastCap() + 1)) - 1n
}

function bounding(): bigint {
  if (boundingSet === undefined) {
    boundingSet = 0n
    for (let number = 0; number <= lastCap(); number++)
      if (prctl('boundingCapability', number) === 1) boundingSet |= 1n << BigInt(number)
  }
  return boundingSet
}

function readLastCap(): number {
  try {
    const number = Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8'))
    if (Number.isInteger(number) && number >= 0 && number < 64) return number
  } catch {
    // Without /proc (or with /proc/sys masked) the kernel is asked below: EINVAL ends the list.
  }
  return ALL.map((name) => CAPABILITIES[name].number).findLast(exists) ?? 0
}

function exists(number: number): boolean {
  try {
    return prctl('boundingCapability', number) >= 0
  } catch {
    return false
  }
}
