// Names of an archive as places beneath a root. Latin-1 strings stand for bytes here: one character, one byte.

import { IsoError } from '@iso/native'

import { show } from '../internal/malformed.js'

/** A place: the directory (no slash at its ends, '' is the root) and the name in it; '' where the root itself is meant. */
export interface Place {
  directory: string
  base: string
}

/** Whether a name needs no cleaning: parts without slashes at the ends, and none of them `.`, `..` or empty. */
const CLEAN = /^(?!\/)(?!.*(?:^|\/)(?:\.{0,2})(?:\/|$)).+$/s

/**
 * Where a name leads, `.` and `..` taken out of the text as Docker does. What the kernel makes of the rest is decided beneath the root.
 *
 * @throws IsoError `ISO_LAYER_ESCAPE`: `..` leads above the root
 */
export function placeOf(name: Buffer, what: string): Place {
  const text = name.toString('latin1')
  const clean = CLEAN.test(text) ? text : normalise(text, what)
  const slash = clean.lastIndexOf('/')
  return slash === -1
    ? { directory: '', base: clean }
    : { directory: clean.slice(0, slash), base: clean.slice(slash + 1) }
}

/** The bytes of a name. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

/** A name in a directory, as text of bytes. */
export function joined({ directory, base }: Place): string {
  return directory === '' ? base : `${directory}/${base}`
}

function normalise(text: string, what: string): string {
  const parts: string[] = []
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined)
      throw new IsoError(
        'ISO_LAYER_ESCAPE',
        `Cannot extract ${what} ${show(bytesOf(text))}: it leads out of the root`,
        {
          path: Buffer.from(text, 'latin1').toString(),
        }
      )
  }
  return parts.join('/')
}
