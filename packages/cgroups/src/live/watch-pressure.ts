import { closeSync, constants, existsSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

import { IsoError, watch } from '@iso/native'

import type { PressureEvent } from '../events.js'
import { knownKeys, wholeNumber } from '../internal/check.js'
import { hasErrno, wrap } from '../internal/files.js'
import type { Place } from '../place.js'
import { watchEventfd } from './watch-eventfd.js'
import type { Closable } from './watch-file.js'

/** When to report pressure. */
export interface PressureOptions {
  resource: 'cpu' | 'memory' | 'io'
  /** `some`: at least one task waits; `full`: all do. Default: some. */
  kind?: 'some' | 'full'
  /** Report when tasks have waited this long, in microseconds, within a window. Default: a tenth of the window. */
  stallUs?: number
  /** Length of the window in microseconds, 500000 to 10000000. Without CAP_SYS_RESOURCE a multiple of 2000000. Default: 2000000. */
  windowUs?: number
  /** v1 memory.pressure_level, where there is no pressure stall information: report from this level on. Default: medium. */
  level?: 'low' | 'medium' | 'critical'
}

/** Report pressure: by a PSI trigger on the v2 group (Linux 5.2), else by v1's memory.pressure_level. */
export function watchPressure(
  places: readonly Place[],
  options: PressureOptions,
  report: (event: PressureEvent) => void
): Closable {
  knownKeys('pressure options', options, ['resource', 'kind', 'stallUs', 'windowUs', 'level'])
  const { resource, kind = 'some', windowUs = 2_000_000, level = 'medium' } = options
  if (!['cpu', 'memory', 'io'].includes(resource))
    throw new RangeError(`Cannot watch pressure: resource "${resource}" is unknown; wanted cpu, memory or io`)
  if (!['some', 'full'].includes(kind))
    throw new RangeError(`Cannot watch pressure: kind "${kind}" is unknown; wanted some or full`)
  if (!['low', 'medium', 'critical'].includes(level))
    throw new RangeError(`Cannot watch pressure: level "${level}" is unknown; wanted low, medium or critical`)
  wholeNumber('pressure window', windowUs, 500_000, 10_000_000)
  const stallUs = wholeNumber('pressure stall', options.stallUs ?? windowUs / 10, 1, windowUs)
  const unified = places.find((place) => place.version === 2)
  const path = unified && join(unified.directory, `${resource}.pressure`)
  if (path !== undefined && existsSync(path))
    return watchTrigger(path, `${kind} ${stallUs} ${windowUs}`, () => report({ resource, kind }))
  const memory = places.find((place) => place.version === 1 && place.controllers.includes('memory'))
  if (resource === 'memory' && memory !== undefined)
    return watchEventfd(memory.directory, 'memory.pressure_level', level, () => report({ resource, level }))
  throw new IsoError('ISO_CGROUP_CONTROLLER', `Cannot watch ${resource} pressure: there is no file that reports it`, {
    hint: 'needs cgroup v2 on a kernel with PSI (boot with psi=1)',
  })
}

/** The trigger lives as long as the descriptor it was written to. */
function watchTrigger(path: string, trigger: string, happened: () => void): Closable {
  let fd: number | undefined
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
    writeSync(fd, trigger)
    const watching = watch(fd, 'priority', (error) => {
      if (error === undefined) happened()
    })
    const owned = fd
    let open = true
    return {
      close: () => {
        if (!open) return
        open = false
        watching.close()
        closeSync(owned)
      },
    }
  } catch (error) {
    if (fd !== undefined) closeSync(fd)
    throw wrap(
      error,
      'ISO_CGROUP_WATCH',
      `Cannot write "${trigger}" to "${path}"`,
      path,
      hasErrno(error, 'EINVAL') ? 'without CAP_SYS_RESOURCE the window must be a multiple of 2 s' : undefined
    )
  }
}
