import type { Step } from '@iso/native'

/** A securebit. `…Locked` makes the one before it final. */
export type SecureBit =
  | 'noroot'
  | 'norootLocked'
  | 'noSetuidFixup'
  | 'noSetuidFixupLocked'
  | 'keepCaps'
  | 'keepCapsLocked'
  | 'noCapAmbientRaise'
  | 'noCapAmbientRaiseLocked'

/** Securebits with what they do, by their bit in PR_SET_SECUREBITS. */
export const SECUREBITS: Readonly<Record<SecureBit, { readonly bit: number; readonly meaning: string }>> = {
  noroot: { bit: 0, meaning: 'uid 0 gains nothing at execve' },
  norootLocked: { bit: 1, meaning: 'noroot is final' },
  noSetuidFixup: { bit: 2, meaning: 'changes between uid 0 and others leave the sets alone' },
  noSetuidFixupLocked: { bit: 3, meaning: 'noSetuidFixup is final' },
  keepCaps: { bit: 4, meaning: 'leaving uid 0 keeps the permitted set; cleared by execve' },
  keepCapsLocked: { bit: 5, meaning: 'keepCaps is final' },
  noCapAmbientRaise: { bit: 6, meaning: 'nothing can be added to the ambient set' },
  noCapAmbientRaiseLocked: { bit: 7, meaning: 'noCapAmbientRaise is final' },
}

/**
 * Steps that set the securebits with prctl(2). All others are cleared.
 *
 * Takes CAP_SETPCAP, so it must stand before `keep()`; or name the bits in `keep()`'s option of the same name. `noCapAmbientRaise` goes
 * before an ambient set is raised and forbids it.
 *
 * @throws TypeError for an unknown bit.
 * @example
 * ```ts
 * import { securebits } from '@iso/caps'
 * console.log(securebits('noroot', 'norootLocked')[0]) // { op: 'securebits', …
 * ```
 * @see https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
export function securebits(...bits: SecureBit[]): Step[] {
  for (const bit of bits) {
    if (!Object.hasOwn(SECUREBITS, bit))
      throw new TypeError(
        `Cannot set securebit ${JSON.stringify(bit)}: wanted one of ${Object.keys(SECUREBITS).join(', ')}`
      )
  }
  return [
    {
      op: 'securebits',
      origin: '@iso/caps',
      why: bits.map((bit) => SECUREBITS[bit].meaning).join('; ') || 'clear the securebits',
      bits,
    },
  ]
}
