// The mounts every container gets: Docker's, as data.

import type { Step } from '@iso/native'
import { sizeBytes } from '../internal/units.js'
import type { Context } from '../internal/context.js'
import type { NamespaceChoice } from '../namespaces.js'

type MountStep = Extract<Step, { op: 'mount' }>
type MountFlag = NonNullable<MountStep['flags']>[number]

const INERT: readonly MountFlag[] = ['nosuid', 'noexec', 'nodev']
const DEFAULT_SHM_BYTES = 64 * 2 ** 20

/**
 * proc, dev, devpts, shm, mqueue and sys; what lies beneath dev comes from devices.ts. Fills the slots `proc`, `dev` and `sys`: everything
 * after goes through them, and so lands on the file system that was mounted, whatever the root says by then.
 */
export function defaultMounts(context: Context, own: NamespaceChoice): Step[] {
  const { options, ttyGroup } = context
  const pts = `newinstance,ptmxmode=0666,mode=0620${ttyGroup ? ',gid=5' : ''}`
  return [
    procMount(context, own),
    hold('proc', 'proc'),
    at('dev', { fstype: 'tmpfs', source: 'tmpfs', flags: ['nosuid', 'strictatime'], data: 'mode=755,size=65536k' }),
    hold('dev', 'tmpfs'),
    at('dev/pts', { fstype: 'devpts', source: 'devpts', flags: ['nosuid', 'noexec'], data: pts }),
    ...ipcMounts(context, own, shmBytes(options.shmSize)),
    ...sysMount(context, own),
    hold('sys', 'sysfs'),
  ]
}

// 0 is Docker's way to ask for the default.
function shmBytes(size: Context['options']['shmSize']): number {
  const bytes = sizeBytes('shmSize', size ?? 0)
  return bytes === 0 ? DEFAULT_SHM_BYTES : sizeBytes('shmSize', size, 4096)
}

function at(path: string, mount: Omit<MountStep, 'op' | 'in' | 'path' | 'create'>): Step {
  const beneath = path.startsWith('dev/')
  return {
    op: 'mount',
    ...mount,
    in: beneath ? 'dev' : 'root',
    path: beneath ? path.slice(4) : path,
    create: 'directory',
    why: `Docker's default /${path}`,
  }
}

// A root that has a link at /proc could send the mount, and the masks with it, elsewhere (CVE-2019-19921): refused after the fact, with ELOOP.
function hold(slot: 'proc' | 'dev' | 'sys', fs: 'proc' | 'tmpfs' | 'sysfs'): Step {
  return {
    op: 'open',
    side: 'child',
    in: 'root',
    path: slot,
    flags: ['path', 'directory'],
    resolve: ['noSymlinks'],
    fs,
    slot,
    why: `/${slot} of the root must be a directory, not a link`,
  }
}

function ipcMounts({ options }: Context, own: NamespaceChoice, shmBytes: number): Step[] {
  const bindHost = (name: string): Step => ({
    op: 'bind',
    source: `/dev/${name}`,
    in: 'dev',
    path: name,
    create: 'directory',
    recursive: true,
    ifPresent: true,
    why: 'ipc "host"',
  })
  if (!own.ipc) return [bindHost('shm'), bindHost('mqueue')]
  const mqueue = at('dev/mqueue', { fstype: 'mqueue', source: 'mqueue', flags: INERT })
  return options.ipc === 'none'
    ? [mqueue]
    : [mqueue, at('dev/shm', { fstype: 'tmpfs', source: 'shm', flags: INERT, data: `mode=1777,size=${shmBytes}` })]
}

// A new proc shows the process IDs of its maker's namespace, and is refused to a user namespace that does not own that.
function procMount({ userns }: Context, own: NamespaceChoice): Step {
  if (own.pid || !userns) return at('proc', { fstype: 'proc', source: 'proc', flags: INERT })
  return bindOwn('proc', ['nosuid', 'nodev', 'noexec'], 'pid "host": no proc of its own')
}

// A new sysfs shows the network namespace of its maker, and is refused to a user namespace that does not own one.
function sysMount({ privileged, userns }: Context, own: NamespaceChoice): Step[] {
  const flags: readonly MountFlag[] = privileged ? INERT : [...INERT, 'ro']
  if (own.net || !userns) return [at('sys', { fstype: 'sysfs', source: 'sysfs', flags })]
  return [bindOwn('sys', ['ro', 'nosuid', 'nodev', 'noexec'], 'network "host": no sysfs of its own')]
}

/** What the container shares with the host, with all that is mounted there. */
function bindOwn(path: 'proc' | 'sys', set: NonNullable<Extract<Step, { op: 'bind' }>['set']>, why: string): Step {
  return {
    op: 'bind',
    source: `/${path}`,
    in: 'root',
    path,
    create: 'directory',
    recursive: true,
    set,
    recursiveAttributes: true,
    why,
  }
}
