// A directory of the host as the root.

import { statSync } from 'node:fs'
import { IsoError, type Step } from '@iso/native'
import { bindRoot, overlay } from '@iso/overlay'
import { absolutePath, flag } from '../internal/check.js'
import type { Context } from '../internal/context.js'
import { handedMount } from '../mounts/handed.js'
import { storageOf } from './storage.js'
import { privateRoot } from './private-root.js'

/**
 * The directory as it is, or below a layer in memory.
 *
 * Where root inside is an unprivileged user of the host, owners are translated, unless the directory belongs to that user: then it was made for
 * such a container (Docker's userns-remap keeps its images so), and is taken as it is.
 *
 * @throws IsoError `ISO_ROOTFS` for a directory that is missing or none; TypeError for options that do not fit.
 */
export function directoryRoot(context: Context): Step[] {
  const { options } = context
  const rootfs = checkRootfs(options.rootfs)
  const ephemeral = flag('ephemeral', options.ephemeral, false)
  if (options.storageSize !== undefined && !ephemeral)
    throw new TypeError('Cannot use storageSize: the root has no layer of its own; wanted ephemeral: true')
  const { idmap } = context
  const translated = idmap !== undefined && statSync(rootfs).uid !== idmap.rootUid
  if (ephemeral)
    return overlay({
      lower: [rootfs],
      tmpfs: storageOf(options) ?? true,
      ...(translated ? { idmap } : context.userns && { userxattr: true }),
    })
  return idmap === undefined ? bindRoot(rootfs) : handedRoot(rootfs, translated)
}

function handedRoot(source: string, idmap: boolean): Step[] {
  return [
    ...privateRoot(),
    ...handedMount({ source, slot: 'root', recursive: true, idmap, why: 'the directory as it is' }),
    { op: 'moveMount', slot: 'root', path: '/', why: 'attach the new root on top of the old one' },
    { op: 'pivotRoot', slot: 'root', why: 'the directory becomes the root' },
  ]
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
