// Helpers of the tests: scratch directories, programs, archives as arrays.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'

import type { TarEntry } from './entry.js'
import { packTar, type TarInput } from './pack.js'
import { readTar } from './read.js'

/** A directory beneath /tmp that is removed by `remove()`. */
export class Scratch {
  readonly path = mkdtempSync('/tmp/iso-image-')
  at(name: string): string {
    return `${this.path}/${name}`
  }
  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** Run a program to its end; its output as bytes. */
export function runProgram(argv: [string, ...string[]], options: { cwd?: string; input?: Uint8Array } = {}): Buffer {
  const done = spawnSync(argv[0], argv.slice(1), {
    ...options,
    maxBuffer: 1 << 30,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
  if (done.status !== 0) throw new Error(`${argv.join(' ')}: ${done.error?.message ?? done.stderr.toString()}`)
  return done.stdout
}

/** All of an archive in memory. */
export async function packed(entries: TarInput[]): Promise<Buffer> {
  return collect(packTar(entries))
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** All entries with their contents, the archive fed in chunks of a size. */
export async function unpacked(archive: Buffer, chunkBytes = 1 << 16): Promise<{ entry: TarEntry; content: Buffer }[]> {
  const found: { entry: TarEntry; content: Buffer }[] = []
  for await (const { entry, body } of readTar(inChunks(archive, chunkBytes)))
    found.push({ entry, content: await collect(body) })
  return found
}

export function* inChunks(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
