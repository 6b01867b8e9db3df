// The options of a mount: flags, attributes, propagation, and what is handed to the file system.

import type { Step } from '@iso/native'

type MountStep = Extract<Step, { op: 'mount' }>
type AttributeStep = Extract<Step, { op: 'mountSetattr' }>
type MountFlag = NonNullable<MountStep['flags']>[number]
type Attribute = NonNullable<AttributeStep['set']>[number]
type Propagation = NonNullable<AttributeStep['propagation']>

/** Options of one mount, taken apart. The last of two that contradict each other counts. */
export interface ParsedOptions {
  bind: boolean
  recursiveBind: boolean
  remount: boolean
  /** Of mount(2): what a new file system is mounted with. */
  flags: ReadonlySet<MountFlag>
  /** Of mount_setattr(2): for the mount alone. */
  set: ReadonlySet<Attribute>
  /** The same for it and every mount below: the `r…` options. */
  recursiveSet: ReadonlySet<Attribute>
  recursiveClear: ReadonlySet<Attribute>
  propagations: readonly { type: Propagation; recursive: boolean }[]
  /** tmpcopyup: what the directory held is copied into the tmpfs. */
  copyUp: boolean
  idmap: false | 'single' | 'recursive'
  /** What the file system itself takes. */
  data: readonly string[]
}

/** What an option turns on, or off. */
type FlagWord = readonly [flag: MountFlag, on: boolean]

const FLAGS: Readonly<Record<string, FlagWord>> = {
  async: ['sync', false],
  atime: ['noatime', false],
  dev: ['nodev', false],
  diratime: ['nodiratime', false],
  dirsync: ['dirsync', true],
  exec: ['noexec', false],
  lazytime: ['lazytime', true],
  loud: ['silent', false],
  mand: ['mand', true],
  noatime: ['noatime', true],
  nodev: ['nodev', true],
  nodiratime: ['nodiratime', true],
  noexec: ['noexec', true],
  nolazytime: ['lazytime', false],
  nomand: ['mand', false],
  norelatime: ['relatime', false],
  nostrictatime: ['strictatime', false],
  nosuid: ['nosuid', true],
  nosymfollow: ['nosymfollow', true],
  relatime: ['relatime', true],
  ro: ['ro', true],
  rw: ['ro', false],
  silent: ['silent', true],
  strictatime: ['strictatime', true],
  suid: ['nosuid', false],
  symfollow: ['nosymfollow', false],
  sync: ['sync', true],
}

const RECURSIVE: Readonly<Record<string, readonly [attribute: Attribute, on: boolean]>> = {
  rro: ['ro', true],
  rrw: ['ro', false],
  rnosuid: ['nosuid', true],
  rsuid: ['nosuid', false],
  rnodev: ['nodev', true],
  rdev: ['nodev', false],
  rnoexec: ['noexec', true],
  rexec: ['noexec', false],
  rnodiratime: ['nodiratime', true],
  rdiratime: ['nodiratime', false],
  rnosymfollow: ['nosymfollow', true],
  rsymfollow: ['nosymfollow', false],
  rnoatime: ['noatime', true],
  ratime: ['atimeMask', false],
  rrelatime: ['atimeMask', false],
  rnorelatime: ['strictatime', true],
  rstrictatime: ['strictatime', true],
  rnostrictatime: ['atimeMask', false],
}

const PROPAGATIONS: readonly string[] = ['private', 'shared', 'slave', 'unbindable']
// Ways a kernel of today has no choice about: accepted, as runc does.
const WITHOUT_EFFECT = new Set(['defaults', 'acl', 'noacl', 'iversion', 'noiversion'])
const ATIMES: readonly MountFlag[] = ['noatime', 'relatime', 'strictatime']
const ATTRIBUTE_FLAGS: readonly Attribute[] = [
  'ro',
  'nosuid',
  'nodev',
  'noexec',
  'noatime',
  'strictatime',
  'nodiratime',
  'nosymfollow',
]

/** The options this runtime knows, for `features`. */
export const MOUNT_OPTIONS: readonly string[] = [
  ...Object.keys(FLAGS),
  ...Object.keys(RECURSIVE),
  ...PROPAGATIONS.flatMap((word) => [word, `r${word}`]),
  ...WITHOUT_EFFECT,
  'bind',
  'rbind',
  'remount',
  'tmpcopyup',
  'idmap',
  'ridmap',
].sort()

/** Take options apart. What is unknown is the file system's, which refuses what it does not know. */
export function parseMountOptions(options: readonly string[]): ParsedOptions {
  const flags = new Set<MountFlag>()
  const recursiveSet = new Set<Attribute>()
  const recursiveClear = new Set<Attribute>()
  const propagations: { type: Propagation; recursive: boolean }[] = []
  const data: string[] = []
  let bind: false | 'single' | 'recursive' = false
  let idmap: ParsedOptions['idmap'] = false
  let [remount, copyUp] = [false, false]
  for (const option of options) {
    const flag = own(FLAGS, option)
    const recursive = own(RECURSIVE, option)
    const propagation = PROPAGATIONS.find((word) => option === word || option === `r${word}`)
    if (flag !== undefined) turn(flags, flag)
    else if (recursive !== undefined) turnRecursive(recursiveSet, recursiveClear, recursive)
    else if (propagation !== undefined)
      propagations.push({ type: propagation as Propagation, recursive: option !== propagation })
    else if (option === 'bind') bind = 'single'
    else if (option === 'rbind') bind = 'recursive'
    else if (option === 'remount') remount = true
    else if (option === 'tmpcopyup') copyUp = true
    else if (option === 'idmap') idmap = 'single'
    else if (option === 'ridmap') idmap = 'recursive'
    else if (!WITHOUT_EFFECT.has(option) && option !== '') data.push(option)
  }
  const set = new Set(ATTRIBUTE_FLAGS.filter((name) => (flags as ReadonlySet<string>).has(name)))
  return {
    bind: bind !== false,
    recursiveBind: bind === 'recursive',
    remount,
    flags,
    set,
    recursiveSet,
    recursiveClear,
    propagations,
    copyUp,
    idmap,
    data,
  }
}

// An option may be called "constructor".
const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

function turn(flags: Set<MountFlag>, [flag, on]: FlagWord): void {
  if (on && ATIMES.includes(flag)) for (const other of ATIMES) flags.delete(other)
  if (on) flags.add(flag)
  else flags.delete(flag)
}

function turnRecursive(
  set: Set<Attribute>,
  clear: Set<Attribute>,
  [attribute, on]: readonly [attribute: Attribute, on: boolean]
): void {
  if (attribute === 'atimeMask' || attribute === 'noatime' || attribute === 'strictatime')
    for (const other of ['noatime', 'strictatime'] as const) set.delete(other)
  ;(on ? clear : set).delete(attribute)
  ;(on ? set : clear).add(attribute)
}
