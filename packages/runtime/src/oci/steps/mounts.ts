// config.mounts in their order. A target is resolved by the kernel inside the root and used as a descriptor (CVE-2021-30465).

import { isAbsolute, join } from 'node:path'
import type { Step } from '@iso/native'
import { ConfigError } from '../config/config-error.js'
import type { Mount } from '../spec/config.js'
import { bindSteps } from './bind.js'
import { cgroupMountSteps } from './cgroup-mount.js'
import type { CgroupPlan } from './cgroup.js'
import type { Context } from './context.js'
import { afterwards, entryOf, isBind, type Entry } from './mount-entry.js'

/** @throws ConfigError for what is no mount, or would replace /proc by something else. */
export function mountSteps(context: Context, cgroup: CgroupPlan): Step[] {
  const entries = (context.config.mounts ?? []).map(entryOf)
  for (const entry of entries) checkProc(entry)
  return [
    ...entries.flatMap((entry) => stepsOf(context, cgroup, entry)),
    ...entries.filter(({ mount }) => mount.type === 'proc' || mount.type === 'sysfs').map(hold),
  ]
}

/** Steps that make mounts read-only in the end: what stands in a tmpfs is put there before. */
export function sealMountSteps({ config }: Context): Step[] {
  return (config.mounts ?? [])
    .map(entryOf)
    .filter(isSealedLater)
    .map(({ path }): Step => ({
      op: 'mountSetattr',
      side: 'child',
      in: 'root',
      path,
      set: ['ro'],
      why: 'read-only once it is filled',
    }))
}

const isSealedLater = (entry: Entry): boolean =>
  entry.mount.type === 'tmpfs' && entry.options.set.has('ro') && !isBind(entry)

function stepsOf(context: Context, cgroup: CgroupPlan, entry: Entry): Step[] {
  const { mount, place, path, options } = entry
  if (path === '') throw new ConfigError(`${place}.destination`, `${JSON.stringify(mount.destination)} is the root`)
  if (isBind(entry)) return bindSteps(context, entry)
  if (mount.type === undefined && !options.remount)
    throw new ConfigError(`${place}.type`, 'it is missing, and no option says bind')
  if (mount.type === 'cgroup' || mount.type === 'cgroup2') return cgroupMountSteps(context, cgroup, entry)
  if (options.idmap !== false || mount.uidMappings !== undefined)
    throw new ConfigError(`${place}.options`, 'only a bind can be idmapped')
  return [...newMount(context, entry), ...afterwards(entry)]
}

function newMount(context: Context, entry: Entry): Step[] {
  const { mount, path, options } = entry
  if (options.copyUp && mount.type !== 'tmpfs')
    throw new ConfigError(`${entry.place}.options`, '"tmpcopyup" is for a tmpfs')
  const flags = [...options.flags, ...(options.remount ? (['remount'] as const) : [])]
  return withCopyUp(entry, [
    {
      op: 'mount',
      ...(mount.type !== undefined && { fstype: mount.type }),
      source: sourceOf(context, mount),
      in: 'root',
      path,
      create: 'directory',
      flags: flags.filter((flag) => !(flag === 'ro' && isSealedLater(entry))),
      ...(options.data.length > 0 && { data: options.data.join(',') }),
      why: `mount ${mount.destination}`,
    },
  ])
}

// tmpcopyup: the directory beneath is held before it is covered.
function withCopyUp({ path, slot, options }: Entry, steps: Step[]): Step[] {
  if (!options.copyUp) return steps
  const from = `${slot}:covered`
  return [
    { op: 'mkdir', side: 'child', in: 'root', path, mode: 0o755 },
    { op: 'open', side: 'child', in: 'root', path, flags: ['path', 'directory'], slot: from },
    ...steps,
    { op: 'copyUp', from, in: 'root', path, why: 'tmpcopyup' },
  ]
}

// A block device may be named from the bundle; the source of most file systems is a word.
function sourceOf({ bundle }: Context, { type, source }: Mount): string {
  if (source === undefined || source === '') return type ?? 'none'
  return !isAbsolute(source) && source.includes('/') ? join(bundle, source) : source
}

// What an image may have put in the way (a link at /proc, CVE-2019-19921) shows here, before anything is written through it.
function hold({ mount, path, slot }: Entry): Step {
  return {
    op: 'open',
    side: 'child',
    in: 'root',
    path,
    flags: ['path', 'directory'],
    resolve: ['noSymlinks'],
    fs: mount.type === 'proc' ? 'proc' : 'sysfs',
    slot: `${slot}:held`,
    why: `/${path} must be what was mounted, not a link`,
  }
}

// Files of lxcfs and the like, which show numbers only.
const SHOWN_IN_PROC = new Set([
  'proc/cpuinfo',
  'proc/diskstats',
  'proc/meminfo',
  'proc/stat',
  'proc/swaps',
  'proc/uptime',
  'proc/loadavg',
  'proc/slabinfo',
  'proc/version',
  'proc/net/dev',
  'proc/sys/kernel/ns_last_pid',
  'proc/sys/crypto/fips_enabled',
])

// Something else on /proc would take the masks and labels with it (CVE-2019-16884).
function checkProc(entry: Entry): void {
  const { mount, path, place } = entry
  if (path === 'proc' && mount.type !== 'proc' && !(isBind(entry) && mount.source === '/proc'))
    throw new ConfigError(`${place}.destination`, '"/proc" must be a proc file system')
  if (path.startsWith('proc/') && !SHOWN_IN_PROC.has(path))
    throw new ConfigError(
      `${place}.destination`,
      `${JSON.stringify(mount.destination)} lies in /proc, which must stay the kernel's`
    )
}
