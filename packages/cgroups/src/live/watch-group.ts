import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { EventEmitter } from 'eventemitter3'

import type { CgroupEvents, LimitEvent } from '../events.js'
import type { Place } from '../place.js'
import { mainPlace } from './members.js'
import { watchOomV1 } from './watch-eventfd.js'
import { watchCounters, type Closable } from './watch-file.js'

// A v1 group says nothing when its last process ends (release_agent serves the whole hierarchy), so it is looked at.
const POLL_MS = 50

/** Start everything that feeds the events of a group. */
export function watchGroup(places: readonly Place[], events: EventEmitter<CgroupEvents>): Closable {
  const watches: (Closable | undefined)[] = []
  const counters = (place: Place, file: string, changed: Parameters<typeof watchCounters>[1]) => {
    watches.push(watchCounters(join(place.directory, file), changed))
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
      }
      if (place.version === 2) {
        counters(place, 'cgroup.events', (now, before) => {
          if (now['populated'] !== before['populated']) events.emit('populated', now['populated'] === 1)
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
    if (main.version === 1) watches.push(pollPopulated(main, (populated) => events.emit('populated', populated)))
  } catch (error) {
    for (const one of watches) one?.close()
    throw error
  }
  return { close: () => watches.forEach((one) => one?.close()) }
}

function pollPopulated(place: Place, report: (populated: boolean) => void): Closable {
  const look = () => {
    try {
      return readFileSync(join(place.directory, 'cgroup.procs'), 'utf8') !== ''
    } catch {
      return false
    }
  }
  let before = look()
  const timer = setInterval(() => {
    const now = look()
    if (now === before) return
    before = now
    report(now)
  }, POLL_MS).unref()
  return { close: () => clearInterval(timer) }
}
