import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { closeFd, eventfd, eventfdRead, watch } from '@iso/native'

import { wrap } from '../internal/files.js'
import { parseFlat } from '../internal/parse.js'
import type { OomEvent } from '../events.js'
import type { Closable } from './watch-file.js'

/**
 * Have v1 signal an eventfd (cgroup.event_control): `<eventfd> <fd of the file> <argument>`. It is signalled once more when the group is removed.
 *
 * @see Documentation/admin-guide/cgroup-v1/memory.rst
 */
export function watchEventfd(directory: string, file: string, argument: string, happened: () => void): Closable {
  const path = join(directory, 'cgroup.event_control')
  const counter = eventfd()
  let target: number | undefined
  try {
    target = openSync(join(directory, file), 'r')
    writeFileSync(path, `${counter} ${target}${argument === '' ? '' : ` ${argument}`}`, { flag: 'r+' })
  } catch (error) {
    closeFd(counter)
    throw wrap(error, 'ISO_CGROUP_WATCH', `Cannot watch "${join(directory, file)}"`, path)
  } finally {
    // The kernel keeps the eventfd by itself.
    if (target !== undefined) closeSync(target)
  }
  const watching = watch(counter, 'readable', () => {
    if (open && eventfdRead(counter) !== null) happened()
  })
  let open = true
  return {
    close: () => {
      if (!open) return
      open = false
      watching.close()
      closeFd(counter)
    },
  }
}

// The eventfd is signalled when memory has run out, the counter is raised when the process has been killed: shortly after.
const LOOK_AGAIN_MS = 5
const LOOKS = 40

/** Report processes that v1 kills, from the counter in memory.oom_control (Linux 4.13). */
export function watchOomV1(directory: string, report: (event: OomEvent) => void): Closable {
  const path = join(directory, 'memory.oom_control')
  const read = () => {
    try {
      return parseFlat(readFileSync(path, 'utf8'))
    } catch {
      return undefined
    }
  }
  let seen = read()?.['oom_kill'] ?? 0
  let timer: NodeJS.Timeout | undefined
  const look = (left: number) => {
    timer = undefined
    const now = read()
    // The group is gone: that was the last signal.
    if (now === undefined) return
    const total = now['oom_kill'] ?? 0
    if (total > seen || (now['under_oom'] === 1 && now['oom_kill_disable'] === 1)) {
      const kills = total - seen
      seen = total
      report({ kills, total })
    } else if (left > 0) {
      timer = setTimeout(look, LOOK_AGAIN_MS, left - 1).unref()
    }
  }
  const watching = watchEventfd(directory, 'memory.oom_control', '', () => {
    clearTimeout(timer)
    look(LOOKS)
  })
  return {
    close: () => {
      clearTimeout(timer)
      watching.close()
    },
  }
}
