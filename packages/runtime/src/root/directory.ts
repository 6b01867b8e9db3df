// A directory of the host as the root.

import { statSync } from 'node:fs'
import { IsoError, type Step } from '@iso/native'
import { bindRoot, overlay } from '@iso/overlay'
import { absolutePath, flag } from '../internal/check.js'
import type { Context } from '../internal/context.js'
import { storageOf } from './storage.js'

/** @throws IsoError `ISO_ROOTFS` for a directory that is missing or none; TypeError for options that do not fit. */
export function directoryRoot(context: Context): Step[] {
  const { options } = context
  const rootfs = checkRootfs(options.rootfs)
  const ephemeral = flag('ephemeral', options.ephemeral, false)
  if (options.storageSize !== undefined && !ephemeral)
    throw new TypeError('Cannot use storageSize: the root has no layer of its own; wanted ephemeral: true')
  return ephemeral
    ? overlay({ lower: [rootfs], tmpfs: storageOf(options) ?? true, ...(context.userns && { userxattr: true }) })
    : bindRoot(rootfs)
}

function checkRootfs(path: unknown): string {
  const rootfs = absolutePath('rootfs', path)
  let stats
  try {
    stats = statSync(rootfs)
  } catch (cause) {
    const errno = -((cause as NodeJS.ErrnoException).errno ?? -2)
    throw new IsoError('ISO_ROOTFS', `Cannot use rootfs ${JSON.stringify(rootfs)}`, {
      errno,
      syscall: 'stat',
      path: rootfs,
      cause,
      hint: 'wanted an existing directory',
    })
  }
  if (!stats.isDirectory())
    throw new IsoError('ISO_ROOTFS', `Cannot use rootfs ${JSON.stringify(rootfs)}: it is no directory`, {
      path: rootfs,
    })
  return rootfs
}
