// Blobs by digest: `blobs/sha256/<hex>`, as in an OCI layout. What has its name was checked.

import { createReadStream } from 'node:fs'
import { open, rename, rm, stat, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { randomBytes, type Hash } from 'node:crypto'

import { flock, IsoError } from '@iso/native'
import { setTimeout as sleep } from 'node:timers/promises'

import { makeDirectories, namesIn, orUndefined, syncDirectory } from '../internal/durable.js'
import { digestOf, digestParts, hasher, type Digest } from '../reference/digest.js'

/** What is known of a blob before it is there. */
export interface Expected {
  digest: Digest
  /** Bytes; undefined where nobody said. */
  size?: number
}

const READ_BYTES = 1 << 18

/** The blobs of a store. */
export class Blobs {
  readonly root: string

  constructor(root: string) {
    this.root = root
  }

  /** Make the directories where they are missing. */
  /** Make the directories that are missing. */
  async prepare(): Promise<void> {
    await makeDirectories(
      join(this.root, 'blobs', 'sha256'),
      join(this.root, 'blobs', 'sha512'),
      join(this.root, 'ingest')
    )
  }

  /** Where a blob is, or would be. */
  path(digest: Digest): string {
    const { algorithm, hex } = digestParts(digest)
    return join(this.root, 'blobs', algorithm, hex)
  }

  /** Bytes of a blob; undefined where it is not there. */
  async size(digest: Digest): Promise<number | undefined> {
    return (await orUndefined(stat(this.path(digest))))?.size
  }

  /** Digests of all blobs. */
  async list(): Promise<Digest[]> {
    const names = async (algorithm: string): Promise<Digest[]> =>
      (await namesIn(join(this.root, 'blobs', algorithm))).map((hex) => `${algorithm}:${hex}`)
    return [...(await names('sha256')), ...(await names('sha512'))]
  }

  /**
   * Read a blob, checked while it streams: the last chunk comes only if the digest is right.
   *
   * @throws IsoError `ISO_BLOB_MISSING`; `ISO_BLOB_DIGEST`, it was changed on the disk
   */
  async *stream(digest: Digest, { verify = true }: { verify?: boolean } = {}): AsyncGenerator<Buffer> {
    if ((await this.size(digest)) === undefined) throw missing(digest)
    const hash = verify ? hasher(digest) : undefined
    let held: Buffer | undefined
    for await (const chunk of createReadStream(this.path(digest), { highWaterMark: READ_BYTES })) {
      hash?.update(chunk as Buffer)
      if (held !== undefined) yield held
      held = chunk as Buffer
    }
    if (hash !== undefined) checkDigest(hash, digest)
    if (held !== undefined) yield held
  }

  /** Read a small blob whole, checked. @throws as {@link stream}; IsoError `ISO_BLOB_DIGEST` it is larger than `bytesMax` */
  async read(digest: Digest, bytesMax = 32 << 20): Promise<Buffer> {
    const size = await this.size(digest)
    if (size !== undefined && size > bytesMax)
      throw new IsoError(
        'ISO_BLOB_DIGEST',
        `Cannot read ${digest}: it has ${size} bytes, and ${bytesMax} are the most for a document`
      )
    const chunks: Buffer[] = []
    for await (const chunk of this.stream(digest)) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  /** Store bytes. @returns their digest and size */
  async putBytes(bytes: Uint8Array): Promise<Required<Expected>> {
    return this.put([bytes], { digest: digestOf(bytes), size: bytes.length })
  }

  /**
   * Store what streams in, checked on the way.
   *
   * @throws IsoError `ISO_BLOB_DIGEST`: other bytes, or another number of them, than expected; nothing is kept then. Node's ENOSPC and the like.
   */
  async put(
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    expected: Partial<Expected> = {}
  ): Promise<Required<Expected>> {
    const temporary = join(this.root, 'ingest', `put-${randomBytes(12).toString('hex')}`)
    const hash = hasher(expected.digest)
    const file = await open(temporary, 'wx', 0o644)
    let size = 0
    try {
      try {
        for await (const chunk of source) {
          size += chunk.length
          if (expected.size !== undefined && size > expected.size)
            throw wrongSize(expected, `more than ${expected.size}`)
          hash.update(chunk)
          await writeAll(file, chunk)
        }
        if (expected.size !== undefined && size !== expected.size) throw wrongSize(expected, `${size}`)
        const digest = `${expected.digest === undefined ? 'sha256' : digestParts(expected.digest).algorithm}:${hash.digest('hex')}`
        if (expected.digest !== undefined && digest !== expected.digest) throw wrongDigest(expected.digest, digest)
        await file.sync()
        await this.#adopt(temporary, digest)
        return { digest, size }
      } finally {
        await file.close()
      }
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  /**
   * Begin or go on with a blob whose digest is known: what an earlier attempt left is kept, counted and hashed. One writer at a time has it.
   *
   * @returns undefined where the blob is there already, or came from another writer meanwhile
   */
  async resume(expected: Expected, signal?: AbortSignal): Promise<BlobWriter | undefined> {
    const { algorithm, hex } = digestParts(expected.digest)
    const partial = join(this.root, 'ingest', `${algorithm}-${hex}`)
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 100)) {
      signal?.throwIfAborted()
      if ((await this.size(expected.digest)) !== undefined) return undefined
      const file = await open(partial, 'a+', 0o644)
      if (flock(file.fd, 'exclusive')) {
        // The one who had it may have finished or given up while we waited: then the name is another file's, or nobody's.
        const [opened, named] = [await file.stat(), await orUndefined(stat(partial))]
        if (named?.ino === opened.ino && named.dev === opened.dev)
          return BlobWriter.begin(file, partial, expected, (digest) => this.#adopt(partial, digest))
      }
      await file.close()
      await sleep(pauseMs)
    }
  }

  /** Remove a blob. @returns the bytes it took; 0 where it was not there. */
  /** Remove a blob that nothing needs. @returns its bytes; 0 where it was not there */
  async remove(digest: Digest): Promise<number> {
    const size = (await this.size(digest)) ?? 0
    await orUndefined(unlink(this.path(digest)))
    return size
  }

  /** Take away what interrupted writers left. Only where nobody writes. @returns names */
  async sweepIngest(): Promise<string[]> {
    const names = await namesIn(join(this.root, 'ingest'))
    for (const name of names) await rm(join(this.root, 'ingest', name), { force: true })
    return names
  }

  async #adopt(temporary: string, digest: Digest): Promise<void> {
    const path = this.path(digest)
    await rename(temporary, path)
    await syncDirectory(dirname(path))
  }
}

/** A blob on its way in. */
export class BlobWriter {
  /** Bytes that are there: where to go on. */
  offset: number
  readonly #file: FileHandle
  readonly #path: string
  readonly #expected: Expected
  readonly #adopt: (digest: Digest) => Promise<void>
  #hash: Hash

  private constructor(file: FileHandle, path: string, expected: Expected, adopt: (digest: Digest) => Promise<void>) {
    this.#file = file
    this.#path = path
    this.#expected = expected
    this.#adopt = adopt
    this.#hash = hasher(expected.digest)
    this.offset = 0
  }

  /** @internal */
  static async begin(
    file: FileHandle,
    path: string,
    expected: Expected,
    adopt: (digest: Digest) => Promise<void>
  ): Promise<BlobWriter> {
    const writer = new BlobWriter(file, path, expected, adopt)
    for await (const chunk of file.createReadStream({ start: 0, autoClose: false, highWaterMark: READ_BYTES })) {
      writer.#hash.update(chunk as Buffer)
      writer.offset += (chunk as Buffer).length
    }
    if (expected.size !== undefined && writer.offset > expected.size) await writer.restart()
    return writer
  }

  /** Add bytes. @throws IsoError where they are more than were announced. */
  /** Append bytes. @throws IsoError `ISO_BLOB_DIGEST`: more than expected; Node's ENOSPC */
  async write(chunk: Uint8Array): Promise<void> {
    const { size } = this.#expected
    if (size !== undefined && this.offset + chunk.length > size) {
      await this.restart()
      throw wrongSize(this.#expected, `more than ${size}`)
    }
    this.#hash.update(chunk)
    await writeAll(this.#file, chunk)
    this.offset += chunk.length
  }

  /** Forget what is there and begin anew. */
  async restart(): Promise<void> {
    await this.#file.truncate(0)
    this.#hash = hasher(this.#expected.digest)
    this.offset = 0
  }

  /** All is there: check it and give it its name. @throws IsoError `ISO_BLOB_DIGEST`: what is there is wrong, and was forgotten */
  async commit(): Promise<void> {
    const { size, digest } = this.#expected
    try {
      if (size !== undefined && this.offset !== size) throw wrongSize(this.#expected, String(this.offset))
      checkDigest(this.#hash, digest)
    } catch (error) {
      await this.restart()
      throw error
    }
    await this.#file.sync()
    await this.#adopt(digest)
    await this.#file.close()
  }

  /** Stop for now; what is there stays for the next attempt. */
  async suspend(): Promise<void> {
    if (this.offset === 0) await rm(this.#path, { force: true })
    await this.#file.close()
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at, chunk.length - at)).bytesWritten
}

function checkDigest(hash: Hash, digest: Digest): void {
  const found = `${digestParts(digest).algorithm}:${hash.digest('hex')}`
  if (found !== digest) throw wrongDigest(digest, found)
}

function wrongDigest(wanted: Digest, found: Digest): IsoError {
  return new IsoError('ISO_BLOB_DIGEST', `Cannot use blob ${wanted}: its bytes are those of ${found}`, {
    hint: 'it was changed on its way or on the disk',
  })
}

function wrongSize(expected: Partial<Expected>, found: string): IsoError {
  return new IsoError(
    'ISO_BLOB_DIGEST',
    `Cannot use blob ${expected.digest}: it has ${found} bytes; wanted ${expected.size}`
  )
}

/** The error for a blob that is not there. */
export function missing(digest: Digest): IsoError {
  return new IsoError('ISO_BLOB_MISSING', `Cannot find blob ${digest} in the store`, {
    hint: 'pull or load the image again',
  })
}
