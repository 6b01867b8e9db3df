// The archive as a sequence of entries, for those who look at them one by one.

import type { TarEntry } from './entry.js'
import { TarParser } from './parser.js'

/** An entry with its content. */
export interface TarFile {
  entry: TarEntry
  /** The content, to be read before the next entry is asked for; what is not read is skipped. Of a sparse file the holes are zeroes. */
  body: AsyncGenerator<Buffer>
}

type Event = { entry: TarEntry } | { data: Buffer; offset: number } | { end: true }

/**
 * Read a tar archive as a sequence of entries, in any form: POSIX (ustar, pax) and GNU.
 *
 * @param source chunks of the archive, not compressed. It is read as far as entries are asked for.
 * @throws IsoError `ISO_TAR_MALFORMED`: it is damaged, cut off, or no archive.
 *
 * @example
 * ```ts
 * import { packTar, readTar, tarEntry } from '@iso/image'
 * const archive = packTar([{ entry: tarEntry({ path: 'hello', size: 2 }), body: Buffer.from('hi') }])
 * for await (const { entry, body } of readTar(archive)) {
 *   const chunks: Buffer[] = []
 *   for await (const chunk of body) chunks.push(chunk)
 *   console.log(String(entry.path), String(Buffer.concat(chunks))) // hello hi
 * }
 * ```
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 */
export async function* readTar(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<TarFile> {
  let events: Event[] = []
  const parser = new TarParser({
    entry: (entry) => void events.push({ entry }),
    data: (data, offset) => void events.push({ data, offset }),
    end: () => void events.push({ end: true }),
  })
  const chunks = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  let at = 0
  const next = async (): Promise<Event | undefined> => {
    while (at === events.length) {
      events = []
      at = 0
      const { done, value } = await chunks.next()
      if (done === true) {
        parser.finish()
        return undefined
      }
      parser.write(Buffer.from(value.buffer, value.byteOffset, value.byteLength))
    }
    return events[at++]
  }
  try {
    for (let event = await next(); event !== undefined; event = await next()) {
      if (!('entry' in event)) continue
      const state = { ended: false }
      const body = content(event.entry, next, state)
      yield { entry: event.entry, body }
      while (!state.ended) {
        const rest = await next()
        if (rest === undefined || 'end' in rest) state.ended = true
      }
    }
  } finally {
    await chunks.return?.()
  }
}

async function* content(
  entry: TarEntry,
  next: () => Promise<Event | undefined>,
  state: { ended: boolean }
): AsyncGenerator<Buffer> {
  let position = 0
  while (!state.ended) {
    const event = await next()
    if (event === undefined || 'end' in event || 'entry' in event) {
      state.ended = true
      yield* zeroes(entry.size - position)
      return
    }
    yield* zeroes(event.offset - position)
    yield event.data
    position = event.offset + event.data.length
  }
}

const ZEROES = Buffer.alloc(1 << 16)

function* zeroes(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= ZEROES.length) yield ZEROES.subarray(0, Math.min(left, ZEROES.length))
}
