import type { SlotName, Step } from '@iso/native'

/** How /proc is mounted. */
export interface ProcOptions {
  /** Slot of the root beneath which `path` lies. Default: the process's own view. */
  in?: SlotName
  /** Mount point. Default: `/proc`. */
  path?: string
  /** Who sees the directories of other users' processes: `off` everybody, `noaccess` only their names, `invisible` not at all. Linux 3.3. */
  hidepid?: 'off' | 'noaccess' | 'invisible' | 'ptraceable'
  /** Only the directories of processes: nothing about the machine. Linux 5.8. */
  subset?: 'pid'
}

const HIDEPID = ['off', 'noaccess', 'invisible', 'ptraceable']

/**
 * Mount the proc(5) of the program's pid namespace: without it `ps` and `/proc/self` show the host's.
 *
 * @throws TypeError for an unknown option.
 * @remarks A new mount namespace, or the host's /proc is covered. CAP_SYS_ADMIN; in a user
 * namespace the /proc around it must be whole (EPERM otherwise).
 * @example
 * ```ts
 * import { launch } from '@iso/native'
 * import { namespaces, proc } from '@iso/ns'
 * const steps = [...namespaces('mnt', 'pid'), ...proc()]
 * await using child = await launch(['sh', '-c', 'echo /proc/[0-9]*'], steps, { stdout: 'inherit' }) // /proc/1
 * await child.exit
 * ```
 * @see https://man7.org/linux/man-pages/man5/proc.5.html
 */
export function proc(options: ProcOptions = {}): Step[] {
  const { hidepid, subset } = options
  if (hidepid !== undefined && !HIDEPID.includes(hidepid)) {
    throw new TypeError(
      `Cannot mount proc: hidepid ${JSON.stringify(hidepid)} is unknown; wanted ${HIDEPID.join(', ')}`
    )
  }
  if (subset !== undefined && (subset as string) !== 'pid') {
    throw new TypeError(`Cannot mount proc: subset ${JSON.stringify(subset)} is unknown; wanted pid`)
  }
  const data = [
    ...(hidepid === undefined ? [] : [`hidepid=${HIDEPID.indexOf(hidepid) === 3 ? 4 : HIDEPID.indexOf(hidepid)}`]),
    ...(subset === undefined ? [] : [`subset=${subset}`]),
  ]
  return [
    {
      origin: '@iso/ns',
      op: 'mount',
      fstype: 'proc',
      source: 'proc',
      ...(options.in === undefined ? {} : { in: options.in }),
      path: options.path ?? (options.in === undefined ? '/proc' : 'proc'),
      flags: ['nosuid', 'nodev', 'noexec'],
      ...(data.length === 0 ? {} : { data: data.join(',') }),
      ...(options.in === undefined ? {} : { create: 'directory' }),
      why: 'the processes of its own pid namespace',
    },
  ]
}
