import { IsoError, type Step } from '@iso/native'

import { held } from './available.js'
import type { Capability, CapabilityName } from './capabilities.js'
import { fromMask, toMask } from './mask.js'
import { noNewPrivs } from './no-new-privs.js'
import { securebits, type SecureBit } from './securebits.js'

const CAP_SETPCAP = 1n << 8n

/** How capability steps are made. */
export interface CapsOptions {
  /** Promise that execve grants no privilege: set-user-ID programs and file capabilities have no effect. Default: true. */
  noNewPrivs?: boolean
  /** Securebits set before the capabilities go. Default: none. */
  securebits?: readonly SecureBit[]
  /** The program starts in a new user namespace, where everything is held at first. Default: false. */
  newUserns?: boolean
  /**
   * Refuse, instead of leaving out, capabilities that cannot be given: those this process does not have, and those the kernel rules
   * out of a set. Default: false, as Docker, runc and the OCI specification have it.
   */
  strict?: boolean
}

/** The five sets, as an OCI configuration lists them. An absent set is empty. */
export interface SetsInput {
  /** What execve can ever give. A program run by uid 0 gets all of it. */
  bounding?: readonly CapabilityName[]
  permitted?: readonly CapabilityName[]
  /** Must be in `permitted` too. */
  effective?: readonly CapabilityName[]
  /** Keep it empty: with it, file capabilities grant more than meant (CVE-2022-24769). */
  inheritable?: readonly CapabilityName[]
  /** Kept through execve by any uid. Must be in `permitted` and `inheritable` too. */
  ambient?: readonly CapabilityName[]
}

/**
 * Steps that give the program exactly these capability sets with prctl(2) and capset(2).
 *
 * `keep()`, `drop()` and `ambient()` are made of it. What cannot be given is left out, and the step's `why` says so.
 *
 * @throws TypeError for an unknown name; IsoError `ISO_CAPS_UNAVAILABLE` with `strict`.
 * @example
 * ```ts
 * import { sets } from '@iso/caps'
 * console.log(sets({ bounding: ['CAP_CHOWN'], permitted: ['CAP_CHOWN'] }).map((step) => step.op)) // [ 'capBounding', 'capSet', 'noNewPrivs' ]
 * ```
 * @see https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
export function sets(input: SetsInput, options: CapsOptions = {}): Step[] {
  const start = held(options.newUserns ?? false)
  const wanted = {
    bounding: toMask(input.bounding ?? []),
    permitted: toMask(input.permitted ?? []),
    effective: toMask(input.effective ?? []),
    inheritable: toMask(input.inheritable ?? []),
    ambient: toMask(input.ambient ?? []),
  }
  const bounding = wanted.bounding & start.bounding
  const permitted = wanted.permitted & start.permitted
  const effective = wanted.effective & permitted
  // The kernel lets the inheritable set grow only from the permitted one, and within the bounding set (2.6.25).
  const inheritable = wanted.inheritable & start.permitted & bounding
  const ambient = wanted.ambient & permitted & inheritable
  const given = { bounding, permitted, effective, inheritable, ambient }
  const lost = fromMask(
    (Object.keys(wanted) as (keyof typeof wanted)[]).reduce((mask, set) => mask | (wanted[set] & ~given[set]), 0n)
  )
  if (options.strict && lost.length > 0) refuse(lost)
  const promise = options.noNewPrivs ?? true
  return [
    {
      op: 'capBounding',
      origin: '@iso/caps',
      why: describe('limit capabilities to', bounding),
      keep: bounding,
      ...unprivileged(start.permitted, promise),
    },
    ...(options.securebits?.length ? securebits(...options.securebits) : []),
    {
      op: 'capSet',
      origin: '@iso/caps',
      why: describe('hold', permitted, lost),
      effective,
      permitted,
      inheritable,
      ambient,
    },
    ...(promise ? noNewPrivs() : []),
  ]
}

// Dropping from the bounding set takes CAP_SETPCAP. Who lacks it has little to lose, and with no_new_privs nothing to gain: then
// the bounding set does not matter. Without the promise the refusal stands.
function unprivileged(permitted: bigint, promise: boolean): Pick<Step, 'onError'> {
  return (permitted & CAP_SETPCAP) === 0n && promise ? { onError: { ignore: ['EPERM'] } } : {}
}

function describe(verb: string, mask: bigint, lost: readonly Capability[] = []): string {
  const names = fromMask(mask).map(short)
  const list = names.length === 0 ? 'none' : names.length > 6 ? `${names.length}` : names.join(', ')
  return `${verb} ${list}${lost.length === 0 ? '' : `; not available here: ${lost.map(short).join(', ')}`}`
}

function short(name: Capability): string {
  return name.slice('CAP_'.length).toLowerCase()
}

function refuse(lost: readonly Capability[]): never {
  throw new IsoError(
    'ISO_CAPS_UNAVAILABLE',
    `Cannot give ${lost.join(', ')}: this process or the kernel does not allow it`,
    {
      hint: 'run with these capabilities, take them off the list, or leave out `strict`',
    }
  )
}
