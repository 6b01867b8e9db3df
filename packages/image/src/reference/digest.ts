// Digests: the algorithm, a colon, hexadecimal digits.

import { createHash, type Hash } from 'node:crypto'

import { IsoError } from '@iso/native'

/** Text such as `sha256:9f86…`. */
export type Digest = string

const FORMS: Readonly<Record<string, RegExp>> = { sha256: /^[0-9a-f]{64}$/, sha512: /^[0-9a-f]{128}$/ }

/** A digest taken apart. */
export interface DigestParts {
  algorithm: 'sha256' | 'sha512'
  hex: string
}

/**
 * Take a digest apart.
 *
 * @throws IsoError `ISO_DIGEST`: not of the form, or an algorithm other than sha256 and sha512
 */
export function digestParts(digest: unknown): DigestParts {
  const text = typeof digest === 'string' ? digest : ''
  const colon = text.indexOf(':')
  const algorithm = text.slice(0, colon)
  const hex = text.slice(colon + 1)
  if (!Object.hasOwn(FORMS, algorithm) || FORMS[algorithm]?.test(hex) !== true)
    throw new IsoError(
      'ISO_DIGEST',
      `Cannot use digest ${JSON.stringify(String(digest)).slice(0, 200)}: it is malformed`,
      {
        hint: 'wanted sha256: and 64 lower-case hexadecimal digits, or sha512: and 128',
      }
    )
  return { algorithm: algorithm as DigestParts['algorithm'], hex }
}

/** Whether text is a digest that can be checked. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && /^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$/.test(text)
}

/** Digest of bytes. */
export function digestOf(bytes: Uint8Array | string, algorithm: DigestParts['algorithm'] = 'sha256'): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`
}

/** A hash to feed, for a digest to be checked. */
export function hasher(digest?: Digest): Hash {
  return createHash(digest === undefined ? 'sha256' : digestParts(digest).algorithm)
}
