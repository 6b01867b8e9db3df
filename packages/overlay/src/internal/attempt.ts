import { IsoError, launch, type Step } from '@iso/native'

import { overlay } from '../overlay.js'
import type { OverlayOptions } from '../overlay-options.js'

/**
 * Mount an overlay in a process that never runs a program, and let go of it: undefined where the kernel made it, else its refusal.
 * A volatile overlay would leave a mark that forbids the next mount, so that is left out.
 */
export async function attempt(options: OverlayOptions, within: readonly Step[]): Promise<IsoError | undefined> {
  const { volatile: _volatile, fallback: _fallback, ...rest } = options
  try {
    const child = await launch([], [...within, ...overlay(rest)], {
      parked: true,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'ignore',
    })
    await child.close()
    return undefined
  } catch (error) {
    if (error instanceof IsoError && error.step !== undefined) return error
    throw error
  }
}
