// config.root: the directory that becomes /.

import { statSync } from 'node:fs'
import { IsoError, type Step } from '@iso/native'
import { bindRoot } from '@iso/overlay'
import type { Context } from './context.js'

/** @throws IsoError `ISO_ROOTFS` where it is missing or no directory. */
export function rootSteps({ rootfs, noPivot }: Context): Step[] {
  check(rootfs)
  const steps = bindRoot(rootfs)
  if (!noPivot) return steps
  return steps.map((step) => (step.op === 'pivotRoot' ? { ...step, op: 'moveRoot', why: '--no-pivot' } : step))
}

function check(path: string): void {
  let stats
  try {
    stats = statSync(path)
  } catch (cause) {
    throw new IsoError('ISO_ROOTFS', `Cannot use root ${JSON.stringify(path)}`, {
      errno: Math.abs((cause as NodeJS.ErrnoException).errno ?? 0),
      syscall: 'stat',
      path,
      cause,
    })
  }
  if (!stats.isDirectory())
    throw new IsoError('ISO_ROOTFS', `Cannot use root ${JSON.stringify(path)}: it is no directory`, { path })
}
