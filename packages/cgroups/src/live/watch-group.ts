import { join } from 'node:path'

import type { EventEmitter } from 'eventemitter3'

import type { CgroupEvents, LimitEvent } from '../events.js'
import type { Place } from '../place.js'
import { mainPlace } from './members.js'
import { watchOomV1 } from './watch-eventfd.js'
import { pollCounters, watchCounters, type Changed, type Closable } from './watch-file.js'

/** Start everything that feeds the events of a group. */
export function watchGroup(places: readonly Place[], events: EventEmitter<CgroupEvents>): Closable {
  const watches: (Closable | undefined)[] = []
  const counters = (place: Place, file: string, changed: Changed) => {
    watches.push((place.version === 1 ? pollCounters : watchCounters)(join(place.directory, file), changed))
  }
  const populated: Changed = (now, before) => {
    if (now['populated'] !== before['populated']) events.emit('populated', now['populated'] === 1)
  }
  const limit = (controller: LimitEvent['controller'], which: LimitEvent['which'], now = 0, before = 0) => {
    if (now > before) events.emit('limit', { controller, which, count: now - before, total: now })
  }
  try {
    for (const place of places) {
      if (place.controllers.includes('pids')) {
        counters(place, 'pids.events', (now, before) => limit('pids', 'max', now['max'], before['max']))
      }
      if (place.version === 1 && place.controllers.includes('memory')) {
        watches.push(watchOomV1(place.directory, (event) => events.emit('oom', event)))
        counters(place, 'memory.failcnt', (now, before) => limit('memory', 'max', now['max'], before['max']))
      }
      if (place.version === 2) {
        counters(place, 'cgroup.events', (now, before) => {
          populated(now, before)
          if (now['frozen'] !== before['frozen']) events.emit('frozen', now['frozen'] === 1)
        })
        counters(place, 'memory.events', (now, before) => {
          for (const which of ['max', 'high', 'low'] as const) limit('memory', which, now[which], before[which])
          const [kills = 0, earlier = 0] = [now['oom_kill'], before['oom_kill']]
          if (kills > earlier) events.emit('oom', { kills: kills - earlier, total: kills })
        })
      }
    }
    const main = mainPlace(places)
    if (main.version === 1) counters(main, 'cgroup.procs', populated)
  } catch (error) {
    for (const one of watches) one?.close()
    throw error
  }
  return { close: () => watches.forEach((one) => one?.close()) }
}
