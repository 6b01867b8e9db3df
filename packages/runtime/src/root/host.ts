// The built-in image `host`: this machine's own root, seen through a private writable layer in memory.

import { realpathSync } from 'node:fs'
import type { Step } from '@iso/native'
import { overlay } from '@iso/overlay'
import type { Context } from '../internal/context.js'
import { ours } from '../internal/origin.js'
import { rootlessHostRoot } from './rootless-host.js'
import { storageOf } from './storage.js'

/**
 * Directories of the host that are replaced by empty ones: other people's data, run-time state and our own. They stay writable,
 * in memory, because programs expect them to be, unless the root is read-only.
 */
const EMPTIED: readonly (readonly [path: string, mode: string])[] = [
  ['root', '0700'],
  ['home', '0755'],
  ['run', '0755'],
  ['tmp', '1777'],
  ['var/tmp', '1777'],
  ['mnt', '0755'],
  ['media', '0755'],
]

/** Files and directories of the host that hold secrets; read-only and empty inside. */
const SECRETS: readonly string[] = [
  'etc/shadow',
  'etc/shadow-',
  'etc/gshadow',
  'etc/gshadow-',
  'etc/security/opasswd',
  'etc/ssl/private',
  'etc/letsencrypt',
  'etc/krb5.keytab',
  'etc/ssh/ssh_host_rsa_key',
  'etc/ssh/ssh_host_ecdsa_key',
  'etc/ssh/ssh_host_ed25519_key',
  'etc/ssh/ssh_host_dsa_key',
  'etc/sudoers',
  'etc/sudoers.d',
  'etc/wireguard',
  'etc/NetworkManager/system-connections',
  'etc/kubernetes',
  'etc/docker',
  'etc/containers',
  'etc/iso',
  'var/lib/iso',
  'var/lib/docker',
  'var/lib/containerd',
  'var/lib/containers',
  'var/lib/kubelet',
  'var/lib/private',
  'var/lib/systemd/credential.secret',
  'var/log',
  'var/mail',
  'var/spool',
  'var/backups',
  'var/crash',
  'boot',
  'lost+found',
  'swapfile',
]

/** What nobody inside sees, whatever is mounted there. */
const HIDDEN: ReadonlySet<string> = new Set([...EMPTIED.map(([path]) => path), ...SECRETS])

/** The root itself; the slot `root` is filled and attached, pivot_root is included. */
export function hostRoot(context: Context): Step[] {
  if (context.userns && context.idmap === undefined) return rootlessHostRoot(context, HIDDEN)
  return overlay({
    lower: ['/'],
    tmpfs: storageOf(context.options) ?? true,
    ...(context.idmap !== undefined && { idmap: context.idmap }),
  })
}

/** Hide what is not for the container; after the root, before binds, which may show some of it again. */
export function hostSecrets(sealed: boolean): readonly Step[] {
  if (sealed) return makeSecrets(EMPTIED.flatMap(emptyForSealing))
  return (secrets ??= makeSecrets(EMPTIED.map(empty)))
}

/**
 * Make what was emptied read-only, and the overlays of `root` that are not the root itself: late, because mounts that were asked for
 * may need a mount point in them. These keep their own ways.
 */
export function sealHost(root: readonly Step[]): Step[] {
  const overlays = root.flatMap((step) =>
    step.op === 'fsMount' && step.fstype === 'overlay' && step.side !== 'parent' ? [step.slot] : []
  )
  return [...overlays.filter((slot) => slot !== 'root'), ...EMPTIED.map(([path]) => slotOf(path))].map((slot) => ({
    op: 'mountSetattr',
    side: 'child',
    in: slot,
    set: ['ro'],
    why: 'a read-only root',
  }))
}

/** The file of name servers, where it lies in what was emptied and the network is shared: systemd-resolved keeps it in /run. */
export function hostResolver(): Step[] {
  const path = realPath('/etc/resolv.conf')
  if (path === undefined || !EMPTIED.some(([directory]) => path.startsWith(`/${directory}/`))) return []
  return [
    {
      op: 'bind',
      source: path,
      in: 'root',
      path: path.slice(1),
      create: 'file',
      set: ['ro'],
      ifPresent: true,
      why: 'network "host": its name servers',
    },
  ]
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

let secrets: readonly Step[] | undefined

const EMPTY = {
  why: 'not the data of the host',
  onError: { ignore: ['ENOENT', 'ENOTDIR'] },
} as const

function empty([path, mode]: (typeof EMPTIED)[number]): Step {
  return {
    op: 'mount',
    fstype: 'tmpfs',
    source: 'tmpfs',
    in: 'root',
    path,
    flags: ['nosuid', 'nodev'],
    data: `mode=${mode}`,
    ...EMPTY,
  }
}

const slotOf = (path: string) => `host:empty:${path}`

// The same, with a slot to seal it by: by its path it could be another mount by then.
function emptyForSealing([path, mode]: (typeof EMPTIED)[number]): Step[] {
  const slot = slotOf(path)
  return [
    {
      op: 'fsMount',
      side: 'child',
      fstype: 'tmpfs',
      options: ['source', 'tmpfs', 'mode', mode],
      attributes: ['nosuid', 'nodev'],
      slot,
    },
    { op: 'moveMount', slot, in: 'root', path, ...EMPTY },
  ]
}

function makeSecrets(emptied: readonly Step[]): Step[] {
  return ours([
    ...emptied,
    ...SECRETS.map((path): Step => ({ op: 'mask', in: 'root', path, why: 'a secret of the host' })),
  ])
}
