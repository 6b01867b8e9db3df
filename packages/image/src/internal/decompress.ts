// gzip and zstd, told apart by their first bytes: media types are claims.

import { spawn } from 'node:child_process'
import type { Duplex } from 'node:stream'
import { pipeline, Readable, Transform } from 'node:stream'
import * as zlib from 'node:zlib'

import { IsoError } from '@iso/native'

/** How an archive is compressed. */
export type Compression = 'none' | 'gzip' | 'zstd'

/** The default of 16 KiB costs half as much again. */
const CHUNK_BYTES = 1 << 20

/** Compression by magic number. */
export function compressionOf(start: Uint8Array): Compression {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip'
  if (start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd) return 'zstd'
  // Frames that decoders skip may stand first (zstd:chunked has them at the end).
  if (((start[0] ?? 0) & 0xf0) === 0x50 && start[1] === 0x2a && start[2] === 0x4d && start[3] === 0x18) return 'zstd'
  return 'none'
}

/**
 * Decompress what is compressed and pass on what is not.
 *
 * @throws IsoError `ISO_BLOB_CORRUPT`: the compressed data is damaged or cut off
 */
export async function* decompress(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]()
  let start: Buffer = Buffer.alloc(0)
  let done = false
  try {
    while (start.length < 4 && !done) {
      const next = await chunks.next()
      if (next.done === true) done = true
      else start = Buffer.concat([start, next.value])
    }
    const rest = (async function* () {
      if (start.length > 0) yield start
      for (;;) {
        const next = await chunks.next()
        if (next.done === true) return
        yield next.value as Buffer
      }
    })()
    const compression = compressionOf(start)
    if (compression === 'none') {
      for await (const chunk of rest) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      return
    }
    let failed: Error | undefined
    const decoder = compression === 'gzip' ? zlib.createGunzip({ chunkSize: CHUNK_BYTES }) : await zstdDecoder()
    // An error of the source must come out as it is, one of the decoder as a damaged blob.
    const guarded = (async function* () {
      try {
        yield* rest
      } catch (error) {
        failed = error as Error
        throw error
      }
    })()
    pipeline(guarded, decoder, () => {})
    try {
      for await (const chunk of decoder) yield chunk as Buffer
    } catch (error) {
      if (failed !== undefined) throw failed
      if (error instanceof IsoError) throw error
      throw new IsoError('ISO_BLOB_CORRUPT', `Cannot decompress ${compression} data: ${(error as Error).message}`, {
        cause: error,
        hint: 'it is damaged or cut off; fetch it again',
      })
    } finally {
      decoder.destroy()
    }
  } finally {
    await chunks.return?.()
  }
}

// Node has zstd from 22.15; a child process of the program is next best, and a decoder in JavaScript works everywhere.
async function zstdDecoder(): Promise<Duplex> {
  const create = (zlib as unknown as Record<string, ((options: object) => Duplex) | undefined>)['createZstdDecompress']
  if (create !== undefined) return create({ chunkSize: CHUNK_BYTES })
  return (await childDecoder()) ?? javascriptDecoder()
}

async function childDecoder(): Promise<Duplex | undefined> {
  const child = spawn('zstd', ['-d', '-c', '-q', '--no-progress'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const started = await new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true))
    child.once('error', () => resolve(false))
  })
  if (!started) return undefined
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString().slice(0, 500)))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const { Duplex } = await import('node:stream')
  child.stdin.on('error', () => {})
  const decoder = Duplex.from({
    writable: child.stdin,
    readable: (async function* () {
      for await (const chunk of child.stdout) yield chunk as Buffer
      const code = await ended
      if (code !== 0) throw new Error(said.trim() === '' ? `zstd ended with status ${code}` : said.trim())
    })(),
  })
  decoder.once('close', () => child.kill('SIGKILL'))
  return decoder
}

async function javascriptDecoder(): Promise<Duplex> {
  const { Decompress } = await import('fzstd')
  let push: (chunk: Uint8Array) => void = () => {}
  const decoder = new Decompress((chunk) => push(chunk))
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      push = (made) => void this.push(Buffer.from(made))
      try {
        decoder.push(chunk)
        done()
      } catch (error) {
        done(error as Error)
      }
    },
    flush(done) {
      try {
        decoder.push(new Uint8Array(0), true)
        done()
      } catch (error) {
        done(error as Error)
      }
    },
  })
}

/** Compress with gzip, the same bytes for the same input on the same version of zlib: without a name or time. */
export function gzip(source: AsyncIterable<Uint8Array>, level = 6): AsyncIterable<Buffer> {
  const encoder = zlib.createGzip({ level, chunkSize: CHUNK_BYTES })
  pipeline(Readable.from(source), encoder, () => {})
  return encoder
}

/** Compress with zstd, by Node where it can, else by the program. @throws IsoError `ISO_ZSTD_MISSING` */
export async function zstd(source: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Buffer>> {
  const create = (zlib as unknown as Record<string, ((options: object) => Duplex) | undefined>)['createZstdCompress']
  if (create !== undefined) {
    const encoder = create({ chunkSize: CHUNK_BYTES })
    pipeline(Readable.from(source), encoder, () => {})
    return encoder
  }
  const child = spawn('zstd', ['-c', '-q', '--no-progress'], { stdio: ['pipe', 'pipe', 'ignore'] })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause) =>
      reject(
        new IsoError('ISO_ZSTD_MISSING', 'Cannot compress with zstd', {
          hint: 'install the program zstd, use Node 22.15 or later, or gzip',
          cause,
        })
      )
    )
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  child.stdin.on('error', () => {})
  let failed: Error | undefined
  pipeline(Readable.from(source), child.stdin, (error) => (failed = error ?? undefined))
  return (async function* () {
    try {
      for await (const chunk of child.stdout) yield chunk as Buffer
      const code = await ended
      if (failed !== undefined) throw failed
      if (code !== 0) throw new Error(`zstd ended with status ${code}`)
    } finally {
      child.kill('SIGKILL')
    }
  })()
}
