import { IsoError } from '@iso/native'

/** The error for an archive that is none, or not one that can be trusted. */
export function malformed(what: string, hint?: string): IsoError {
  return new IsoError('ISO_TAR_MALFORMED', `Cannot read archive: ${what}`, hint === undefined ? {} : { hint })
}

/** Bytes of a name for a message: quoted, what is not printable escaped. */
export function show(name: Uint8Array | string): string {
  const text = typeof name === 'string' ? name : Buffer.from(name).toString('utf8')
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text)
}
