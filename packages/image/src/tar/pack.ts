// A sequence of entries as an archive.

import type { TarEntry } from './entry.js'
import { encodeHeader, END_OF_ARCHIVE, padding, storedBytes } from './encode.js'

/** What {@link packTar} takes. */
export interface TarInput {
  entry: TarEntry
  /** The content: `entry.size` bytes, or of a sparse file its stretches one after the other. Default: none. */
  body?: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/**
 * Write a tar archive: ustar, with extended headers (pax) where names, numbers, nanoseconds or attributes need them.
 *
 * The same entries in the same order give the same bytes: nothing of the machine or the hour goes in.
 *
 * @throws RangeError the content of an entry is longer or shorter than its size; TypeError or RangeError an entry that no archive can hold
 *
 * @example
 * ```ts
 * import { packTar, tarEntry } from '@iso/image'
 * import { writeFile } from 'node:fs/promises'
 * const entry = tarEntry({ path: 'etc/motd', size: 3, mtime: { sec: 1_700_000_000, nsec: 5 } })
 * await writeFile('motd.tar', packTar([{ entry, body: Buffer.from('hi\n') }]))
 * ```
 */
export async function* packTar(
  entries: AsyncIterable<TarInput> | Iterable<TarInput>
): AsyncGenerator<Buffer, void, undefined> {
  for await (const { entry, body } of entries) {
    yield encodeHeader(entry)
    const wanted = storedBytes(entry)
    let written = 0
    for await (const chunk of body === undefined ? [] : body instanceof Uint8Array ? [body] : body) {
      written += chunk.length
      if (written > wanted) break
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    }
    if (written !== wanted)
      throw new RangeError(
        `Cannot write archive: the content of ${JSON.stringify(entry.path.toString())} is ${written > wanted ? 'longer' : 'shorter'} than ${wanted} bytes`
      )
    yield padding(wanted)
  }
  yield END_OF_ARCHIVE
}
