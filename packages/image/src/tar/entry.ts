// What an archive says about one file. Names are bytes: nobody promised that they are UTF-8.

import type { TimeSpec } from '@iso/native'

/** What an entry is. */
export type TarType = 'file' | 'hardlink' | 'symlink' | 'char' | 'block' | 'directory' | 'fifo'

/** A stretch of a sparse file that holds data; what lies between stretches reads as zeroes. */
export interface SparseRegion {
  offset: number
  length: number
}

/** One entry of an archive. */
export interface TarEntry {
  /** The name as it stands in the archive, without the slashes at the end of a directory's. */
  path: Buffer
  type: TarType
  /** Permission bits, 0 to 0o7777. */
  mode: number
  uid: number
  gid: number
  /** Names of the owners; absent or empty where the archive has none. */
  uname?: string
  gname?: string
  /** Bytes of content, holes included; 0 for what has none. */
  size: number
  mtime: TimeSpec
  /** Target of a symbolic link, or the entry that a hard link is another name of. */
  linkPath?: Buffer
  /** Numbers of a device; 0 for everything else. */
  major: number
  minor: number
  /** Extended attributes by name, in the order of the archive. */
  xattrs: Map<string, Buffer>
  /** Where a sparse file has data, in order; absent for files stored whole. */
  sparse?: SparseRegion[]
}

/** An entry with defaults: a regular file of root, mode 0o644 (directories 0o755, links 0o777), from 1970. */
export function tarEntry(entry: Partial<Omit<TarEntry, 'path' | 'linkPath'>> & TarNames): TarEntry {
  const type = entry.type ?? 'file'
  const { path, linkPath, ...rest } = entry
  return {
    type,
    mode: type === 'directory' ? 0o755 : type === 'symlink' ? 0o777 : 0o644,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: { sec: 0, nsec: 0 },
    major: 0,
    minor: 0,
    xattrs: new Map(),
    ...rest,
    path: Buffer.from(path),
    ...(linkPath === undefined ? {} : { linkPath: Buffer.from(linkPath) }),
  }
}

/** The names of an entry, as text (UTF-8) or bytes. */
export interface TarNames {
  path: string | Uint8Array
  linkPath?: string | Uint8Array
}
