// Resource limits of setrlimit(2). Set from the supervisor: a user namespace may not raise them (kernel-notes 19).

import type { Step } from '@iso/native'
import { nearest, show, wholeNumber } from './internal/check.js'
import type { RunOptions, Ulimit } from './options.js'

type Resource = Extract<Step, { op: 'prlimit' }>['resource']
const RESOURCES: readonly Resource[] = [
  'as',
  'core',
  'cpu',
  'data',
  'fsize',
  'locks',
  'memlock',
  'msgqueue',
  'nice',
  'nofile',
  'nproc',
  'rss',
  'rtprio',
  'rttime',
  'sigpending',
  'stack',
]
const UNLIMITED = 2n ** 64n - 1n

/** @throws TypeError or RangeError with the value. */
export function rlimitSteps(ulimits: RunOptions['ulimits']): Step[] {
  return parseUlimits(ulimits).map(({ resource, soft, hard }): Step => ({
    op: 'prlimit',
    side: 'parent',
    resource,
    soft,
    hard,
    why: 'ulimit',
  }))
}

/** Whether the soft limit on open files is among them. */
export function setsNofile(ulimits: RunOptions['ulimits']): boolean {
  return parseUlimits(ulimits).some(({ resource }) => resource === 'nofile')
}

function parseUlimits(ulimits: RunOptions['ulimits']): { resource: Resource; soft: bigint; hard: bigint }[] {
  if (ulimits === undefined) return []
  const entries: [string, number | Ulimit][] = Array.isArray(ulimits)
    ? (ulimits as readonly string[]).map(parseLine)
    : Object.entries(ulimits as Record<string, number | Ulimit>)
  return entries.map(([name, limit]) => {
    const resource = name.toLowerCase().replace(/^rlimit_/, '') as Resource
    if (!RESOURCES.includes(resource))
      throw new TypeError(
        `Cannot set ulimit ${show(name)}: it is unknown; did you mean ${nearest(resource, RESOURCES) ?? RESOURCES.join(', ')}?`
      )
    const soft = value(name, typeof limit === 'object' ? limit.soft : limit)
    const hard = typeof limit === 'object' && limit.hard !== undefined ? value(name, limit.hard) : soft
    if (soft > hard)
      throw new RangeError(`Cannot set ulimit ${name}: the soft limit ${soft} is above the hard limit ${hard}`)
    return { resource, soft, hard }
  })
}

function parseLine(line: string): [string, Ulimit] {
  const [, name, soft, hard] = /^([a-zA-Z_]+)=(-?\d+|unlimited)(?::(-?\d+|unlimited))?$/.exec(line) ?? []
  if (name === undefined || soft === undefined)
    throw new TypeError(`Cannot set ulimit ${show(line)}: wanted "nofile=1024:2048"`)
  const number = (text: string) => (text === 'unlimited' ? text : Number(text))
  return [name, { soft: number(soft), ...(hard !== undefined && { hard: number(hard) }) }]
}

function value(name: string, limit: number | 'unlimited'): bigint {
  return limit === 'unlimited' || limit === -1 ? UNLIMITED : BigInt(wholeNumber(`ulimit ${name}`, limit, 0))
}
