import { IsoError } from '@iso/native'
import type { Verb } from './verb.js'

// Restoring means to rebuild kernel state out of an archive that anybody may have made: refused until every part of it is checked.
const refuse =
  (verb: string): Verb =>
  () => {
    throw new IsoError('ISO_UNSUPPORTED', `Cannot ${verb}: this runtime does not do it`, {
      hint: 'stop the container, and start another one from its volumes',
    })
  }

/** `checkpoint`: refused. */
export const checkpoint = refuse('checkpoint')

/** `restore`: refused. */
export const restore = refuse('restore')
