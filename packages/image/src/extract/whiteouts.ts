// Whiteouts of the image format: a file `.wh.NAME` hides NAME of the layers below, `.wh..wh..opq` all that its directory has there.

import { IsoError, mknodat, setxattr } from '@iso/native'

import { show } from '../internal/malformed.js'
import { bytesOf, joined, type Place } from './names.js'
import type { Settled } from './options.js'
import { isErrno, type Tree } from './tree.js'

const PREFIX = '.wh.'
const OPAQUE = '.wh..wh..opq'
const META = '.wh..wh.'

/** The whiteouts of one layer while it is extracted. */
export class Whiteouts {
  /** How many were there. */
  count = 0
  readonly #tree: Tree
  readonly #settled: Settled
  /** Names this layer itself has brought: what it hides is what was there before. */
  readonly #brought = new Set<string>()
  /** Names that were made as whiteouts: a directory that comes later shows nothing of what is below. */
  readonly #made = new Set<string>()

  constructor(tree: Tree, settled: Settled) {
    this.#tree = tree
    this.#settled = settled
  }

  /** Note what was made, so that no whiteout of the same layer takes it away. */
  note(place: Place): void {
    if (this.#settled.whiteouts !== 'apply') return
    for (let path = joined(place); path !== '' && !this.#brought.has(path);) {
      this.#brought.add(path)
      path = path.slice(0, Math.max(path.lastIndexOf('/'), 0))
    }
  }

  /** Whether a directory takes the place of a whiteout, and must be opaque. */
  replaces(place: Place): boolean {
    return this.#made.size > 0 && this.#made.delete(joined(place))
  }

  /** Mark a directory opaque. */
  makeOpaque(path: string): void {
    const fd = this.#tree.directory(path)
    setxattr(`/proc/self/fd/${fd}`, `${this.#settled.userxattr ? 'user' : 'trusted'}.overlay.opaque`, 'y')
  }

  /**
   * Carry out a whiteout.
   *
   * @returns false where the name is not one
   * @throws IsoError `ISO_LAYER_ESCAPE`: it would hide a directory itself, or what is above it
   */
  handle(place: Place): boolean {
    const { directory, base } = place
    if (!base.startsWith(PREFIX) || this.#settled.whiteouts === 'keep') return false
    this.count++
    if (base === OPAQUE) this.#opaque(directory)
    // Notes of AUFS about itself.
    else if (base.startsWith(META)) return true
    else {
      const hidden = base.slice(PREFIX.length)
      if (hidden === '' || hidden === '.' || hidden === '..')
        throw new IsoError(
          'ISO_LAYER_ESCAPE',
          `Cannot extract whiteout ${show(bytesOf(joined(place)))}: it hides no name`
        )
      this.#hide({ directory, base: hidden })
    }
    return true
  }

  #hide(place: Place): void {
    const path = joined(place)
    if (this.#settled.whiteouts === 'apply') {
      if (this.#brought.has(path)) this.#emptyOfOthers(place)
      else this.#tree.remove(place)
      return
    }
    try {
      mknodat(this.#tree.directory(place.directory), bytesOf(place.base), { type: 'char', mode: 0 })
      this.#made.add(path)
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error
      // The layer has that name, too: it hides only what is below.
      if (this.#tree.isDirectory(place)) this.makeOpaque(path)
    }
  }

  #opaque(directory: string): void {
    if (this.#settled.whiteouts === 'overlay') return this.makeOpaque(directory)
    this.#tree.directory(directory)
    const slash = directory.lastIndexOf('/')
    this.#emptyOfOthers({ directory: directory.slice(0, Math.max(slash, 0)), base: directory.slice(slash + 1) })
  }

  // Remove what was there before this layer.
  #emptyOfOthers(place: Place): void {
    if (place.base !== '' && !this.#tree.isDirectory(place)) return
    const path = place.base === '' ? '' : joined(place)
    for (const name of this.#tree.names(place)) {
      const inner = { directory: path, base: name.toString('latin1') }
      if (!this.#brought.has(joined(inner))) this.#tree.remove(inner)
      else if (this.#tree.isDirectory(inner)) this.#emptyOfOthers(inner)
    }
  }
}
