// What every part of a plan needs to know, worked out once.

import { isAbsolute, resolve } from 'node:path'
import type { Bundle } from '../config/read-config.js'
import type { Config } from '../spec/config.js'
import type { NamespaceEntry, NamespaceKind } from '../spec/linux.js'

/** How a container is to be made, besides its bundle. */
export interface MakeOptions {
  id: string
  /** Beneath systemd, by D-Bus, instead of by directories. */
  systemdCgroup?: boolean
  /** Move the root over `/` instead of pivot_root(2): for a root on a ramfs. */
  noPivot?: boolean
}

/** @internal */
export interface Context {
  readonly id: string
  readonly config: Config
  /** Absolute path of the bundle. */
  readonly bundle: string
  /** Absolute path of the root file system on the host. */
  readonly rootfs: string
  readonly noPivot: boolean
  readonly systemdCgroup: boolean
  /** Namespaces by kind; absent: shared with the caller. */
  readonly namespaces: ReadonlyMap<NamespaceKind, NamespaceEntry>
  /** The container is in a user namespace that is not the caller's. */
  readonly userns: boolean
  /** The caller is not root. */
  readonly rootless: boolean
}

/** @internal */
export function contextOf({ path, config }: Bundle, options: MakeOptions): Context {
  const namespaces = new Map((config.linux?.namespaces ?? []).map((one) => [one.type, one]))
  const rootPath = config.root?.path ?? ''
  return {
    id: options.id,
    config,
    bundle: path,
    rootfs: isAbsolute(rootPath) ? rootPath : resolve(path, rootPath),
    noPivot: options.noPivot ?? false,
    systemdCgroup: options.systemdCgroup ?? false,
    namespaces,
    userns: namespaces.has('user'),
    rootless: process.geteuid?.() !== 0,
  }
}

/** Whether the container gets a new namespace of that kind. */
export function makes({ namespaces }: Pick<Context, 'namespaces'>, kind: NamespaceKind): boolean {
  const entry = namespaces.get(kind)
  return entry !== undefined && (entry.path ?? '') === ''
}

/** Whether the container is in another namespace of that kind than the caller. */
export function separate({ namespaces }: Pick<Context, 'namespaces'>, kind: NamespaceKind): boolean {
  return namespaces.has(kind)
}
