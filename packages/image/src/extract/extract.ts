// An archive into a directory.

import { mkdir } from 'node:fs/promises'

import { TarParser } from '../tar/parser.js'
import { Extractor } from './extractor.js'
import { settle, type ExtractOptions, type ExtractReport } from './options.js'

/**
 * Extract a tar archive into a directory, openat2(2): every name and every target of a hard link is looked up by the kernel with the directory
 * taken for `/`, so that nothing is made, changed or linked outside, whatever the archive holds and whoever changes the tree meanwhile.
 *
 * Owners, modes, times to the nanosecond, extended attributes with file capabilities, hard links, holes and device nodes are kept. Later entries
 * replace earlier ones. What was extracted before an error stays: remove the directory then.
 *
 * @param source chunks of the archive, not compressed
 * @param directory made when missing, with mode 0o755
 * @throws IsoError `ISO_TAR_MALFORMED`, it is damaged; `ISO_LAYER_ESCAPE`, a name leads out with `..`; `ISO_LAYER_LIMIT`, it holds more than allowed;
 * `ISO_LAYER_DEVICE`, a device where they are refused; `ISO_EXTRACT`, the kernel refused: ENOSPC, ENAMETOOLONG, ENOENT the target of a hard link
 * is not there, EPERM.
 * @remarks Files are written on the JavaScript thread, a chunk at a time. An ordinary user gets files of its own, without devices. Linux 5.6.
 *
 * @example
 * ```ts
 * import { extractTar, packTar, tarEntry } from '@iso/image'
 * const archive = packTar([{ entry: tarEntry({ path: 'etc/motd', size: 3 }), body: Buffer.from('hi\n') }])
 * console.log(await extractTar(archive, 'root')) // { entries: 1, bytes: 3, … }
 * ```
 * @see https://man7.org/linux/man-pages/man2/openat2.2.html
 */
export async function extractTar(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  directory: string,
  options: ExtractOptions = {}
): Promise<ExtractReport> {
  const settled = settle(options)
  await mkdir(directory, { recursive: true, mode: 0o755 })
  const extractor = new Extractor(directory, settled)
  try {
    const parser = new TarParser(extractor)
    for await (const chunk of source) {
      options.signal?.throwIfAborted()
      parser.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    }
    parser.finish()
    extractor.finish()
    return extractor.report
  } finally {
    extractor.close()
  }
}
