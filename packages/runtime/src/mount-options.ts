// What is put into the container: binds, tmpfs, files and devices.

import type { Size } from './options.js'

/** How mount events spread between a bind and its source; the `r` forms include submounts. */
export type BindPropagation = 'private' | 'rprivate' | 'slave' | 'rslave' | 'shared' | 'rshared'

/** A file or directory of the host shown in the container. */
export interface BindOptions {
  /** Absolute path on the host. */
  source: string
  /** Absolute path in the container; made when missing. */
  target: string
  /** Default: false. */
  readonly?: boolean
  /** Submounts of the source, too. Read-only then means all of them. Default: true. */
  recursive?: boolean
  /** Default: `rprivate`. */
  propagation?: BindPropagation
  noexec?: boolean
  nosuid?: boolean
  nodev?: boolean
  /**
   * With a user namespace made by root of the host: owners are translated (an idmapped mount, podman's `idmap`), so that a file of uid 1000 on the host
   * is one of uid 1000 inside, and what is written there as root belongs to root of the host. Without it, files of the host's own users belong to nobody
   * inside (65534). Not for the submounts of the source. Default: false.
   */
  idmap?: boolean
  /** A missing source is left out instead of failing. Default: false. */
  ifPresent?: boolean
}

/** A tmpfs in the container. */
export interface TmpfsOptions {
  target: string
  size?: Size
  /** Permission bits; default: 0o1777. */
  mode?: number
  uid?: number
  gid?: number
  /** Default: as Docker, noexec, nosuid and nodev are set; these lift them. */
  exec?: boolean
  suid?: boolean
  dev?: boolean
  readonly?: boolean
}

/** One entry of `mounts`: the object form of `binds` and `tmpfs`. */
export type MountOptions = ({ type: 'bind' } & BindOptions) | ({ type: 'tmpfs' } & TmpfsOptions)

/** A file made of data, such as a secret or a configuration (bubblewrap's `--file`). It lives in memory and leaves no trace on disk. */
export interface FileOptions {
  /** Absolute path in the container; its directories are made. */
  path: string
  data: string | Uint8Array
  /** Permission bits. Default: 0o644. */
  mode?: number
  /** Owner inside. Default: root. */
  uid?: number
  gid?: number
}

/** A device node of the host. */
export interface DeviceOptions {
  /** Path on the host. */
  source: string
  /** Path in the container. Default: the same. */
  target?: string
  /** Any of `r` read, `w` write, `m` mknod. Default: `rwm`. */
  access?: string
}
