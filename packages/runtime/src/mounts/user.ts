// The mounts that were asked for: binds, tmpfs, and files made of data.

import type { Step } from '@iso/native'
import { list, show } from '../internal/check.js'
import { bindSteps, parseBind } from './binds.js'
import { fileSteps } from './files.js'
import { parseTmpfs, tmpfsStep } from './tmpfs.js'
import type { BindOptions, TmpfsOptions } from '../mount-options.js'
import type { Context } from '../internal/context.js'

/** In the order bubblewrap and Docker agree on: tmpfs and binds sorted by depth, so that a mount beneath another lands on it; then files. */
export function userMounts(context: Pick<Context, 'options' | 'userns' | 'idmap'>): Step[] {
  const { options } = context
  const binds = [
    ...list('binds', options.binds).map((bind) => parseBind(bind)),
    ...list('bindsIfPresent', options.bindsIfPresent).map((bind) => ({ ...parseBind(bind), ifPresent: true })),
  ]
  const tmpfs = list('tmpfs', options.tmpfs).map((one) => parseTmpfs(one))
  for (const mount of list('mounts', options.mounts)) {
    const { type, ...rest } = mount as { type: string }
    if (type === 'bind') binds.push(parseBind(rest as BindOptions))
    else if (type === 'tmpfs') tmpfs.push(parseTmpfs(rest as TmpfsOptions))
    else
      throw new TypeError(
        `Cannot use mount type ${show(type)}: wanted "bind" or "tmpfs"${type === 'volume' ? '; named volumes belong to the engine' : ''}`
      )
  }
  const all = [
    ...tmpfs.map((one) => ({ target: one.target, steps: [tmpfsStep(one)] })),
    ...binds.map((one) => ({ target: one.target, steps: bindSteps(one, context) })),
  ]
  const targets = new Set<string>()
  for (const { target } of all) {
    if (targets.has(target)) throw new TypeError(`Cannot mount at ${show(target)} twice`)
    targets.add(target)
  }
  return [
    ...all.sort((a, b) => depth(a.target) - depth(b.target)).flatMap(({ steps }) => steps),
    ...fileSteps(list('files', options.files)),
  ]
}

const depth = (path: string) => path.split('/').length
