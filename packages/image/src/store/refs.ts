// Names of images: a file each, `refs/<hash of the name>.json`, to be read with cat.

import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

import { isObject, descriptor, type Descriptor } from '../manifest/documents.js'
import { makeDirectories, namesIn, textOf, writeDurably } from '../internal/durable.js'
import { lockFile } from './lock.js'

/** A name and what it stands for. */
export interface Ref {
  /** Whole name, such as `docker.io/library/busybox:latest`; null for an image that lost its last name. */
  name: string | null
  /** The manifest or index. */
  descriptor: Descriptor
  /** When the name was set, ISO 8601. */
  updated: string
}

/** The names of a store. */
export class Refs {
  readonly #root: string
  readonly #lock: string

  constructor(root: string) {
    this.#root = join(root, 'refs')
    this.#lock = join(root, 'refs.lock')
  }

  /** Make the directories where they are missing. */
  /** Make the directory where it is missing. */
  async prepare(): Promise<void> {
    await makeDirectories(this.#root)
  }

  /** The name, where it is known. */
  /** What a whole name stands for; undefined where there is none. */
  async get(name: string): Promise<Ref | undefined> {
    return parse(await textOf(this.#file(name)))
  }

  /** All names, and what is kept without one. */
  /** All names, sorted; images without one first. */
  async list(): Promise<Ref[]> {
    const found: Ref[] = []
    for (const name of await namesIn(this.#root)) {
      if (!name.endsWith('.json')) continue
      const ref = parse(await textOf(join(this.#root, name)))
      if (ref !== undefined) found.push(ref)
    }
    return found.sort((one, other) => ((one.name ?? '') < (other.name ?? '') ? -1 : 1))
  }

  /** Give an image a name. An image that loses its last name by that stays, without one, until it is pruned. */
  async set(name: string, target: Descriptor): Promise<void> {
    await using _lock = await lockFile(this.#lock, 'exclusive')
    const former = await this.get(name)
    await this.#write({ name, descriptor: target, updated: new Date().toISOString() })
    await rm(this.#file(nameless(target)), { force: true })
    if (former === undefined || former.descriptor.digest === target.digest) return
    if ((await this.#namesOf(former.descriptor)).length === 0) await this.#write({ ...former, name: null })
  }

  /** Keep an image without a name. */
  async keep(target: Descriptor): Promise<void> {
    await using _lock = await lockFile(this.#lock, 'exclusive')
    if ((await this.#namesOf(target)).length > 0) return
    await this.#write({ name: null, descriptor: target, updated: new Date().toISOString() })
  }

  /** Take a name away; null with the digest for an image without one. @returns whether it was there */
  async remove(ref: Pick<Ref, 'name' | 'descriptor'>): Promise<boolean> {
    await using _lock = await lockFile(this.#lock, 'exclusive')
    const file = this.#file(ref.name ?? nameless(ref.descriptor))
    const there = (await textOf(file)) !== undefined
    await rm(file, { force: true })
    return there
  }

  async #namesOf(target: Descriptor): Promise<Ref[]> {
    return (await this.list()).filter((ref) => ref.name !== null && ref.descriptor.digest === target.digest)
  }

  async #write(ref: Ref): Promise<void> {
    await writeDurably(this.#file(ref.name ?? nameless(ref.descriptor)), `${JSON.stringify(ref, null, 2)}\n`)
  }

  #file(name: string): string {
    return join(this.#root, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.json`)
  }
}

function nameless({ digest }: Descriptor): string {
  return `<none>@${digest}`
}

function parse(text: string | undefined): Ref | undefined {
  if (text === undefined) return undefined
  const value: unknown = JSON.parse(text)
  if (!isObject(value)) return undefined
  return {
    name: typeof value['name'] === 'string' ? value['name'] : null,
    descriptor: descriptor(value['descriptor'], 'stored name'),
    updated: String(value['updated']),
  }
}
