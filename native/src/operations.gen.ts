// Generated from plan/operations.mjs by scripts/generate.mjs. Do not edit.

import type { OperationSpec, SlotName, StepBase } from './step.js'

/** Open a file, directory or namespace into a slot. See openat2(2). */
export interface OpenStep extends StepBase {
  op: 'open'
  /** Who runs it. Default: parent. */
  side?: 'parent' | 'stage' | 'child'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** Open flags; O_CLOEXEC is always added. */
  flags: readonly ('readOnly' | 'writeOnly' | 'readWrite' | 'create' | 'exclusive' | 'noctty' | 'truncate' | 'append' | 'nonblock' | 'directory' | 'nofollow' | 'path')[]
  /** Extra resolve flags. */
  resolve?: readonly ('noXdev' | 'noMagicLinks' | 'noSymlinks' | 'beneath' | 'inRoot')[]
  /** Mode of a created file. */
  mode?: number
  /** The opened file must be on this file system (ESTALE otherwise). */
  fs?: 'proc' | 'sysfs' | 'cgroup' | 'cgroup2' | 'nsfs' | 'tmpfs' | 'devpts'
  /** Where the descriptor goes. */
  slot: SlotName
}

/** Open a pidfd for a process. See pidfd_open(2). */
export interface PidfdOpenStep extends StepBase {
  op: 'pidfdOpen'
  /** Who runs it. Default: parent. */
  side?: 'parent'
  /** Process ID in the namespace of the caller. */
  pid: number
  /** Where the pidfd goes. */
  slot: SlotName
}

/** Create a cgroup directory, open it, and lock it for as long as the supervisor lives. See cgroups(7). */
export interface CgroupCreateStep extends StepBase {
  op: 'cgroupCreate'
  /** Who runs it. Default: parent. */
  side?: 'parent'
  /** Absolute path of the new cgroup; its parent must exist. */
  path: string
  /** A directory that is already there is used, and not removed afterwards. */
  exist?: boolean
  /** Where the directory descriptor goes. */
  slot: SlotName
  /** User who may make groups beneath it: owner of the directory and of the files of /sys/kernel/cgroup/delegate. */
  uid?: number
  /** Group likewise. */
  gid?: number
}

/** Kill what is left in a cgroup and remove it with its children. See cgroups(7). */
export interface CgroupRemoveStep extends StepBase {
  op: 'cgroupRemove'
  /** Who runs it. Default: after. */
  side?: 'after'
  /** Absolute path of the cgroup. */
  path: string
  /** Slot that cgroupCreate filled: where it is empty, nothing was made and nothing is removed. */
  made?: SlotName
  /** How long to retry while the kernel says EBUSY; 0: 2000 ms. */
  timeoutMs?: number
}

/** Make a Unix stream socket that listens, reachable by its owner only. See unix(7). */
export interface ListenStep extends StepBase {
  op: 'listen'
  /** Who runs it. Default: parent. */
  side?: 'parent'
  /** Absolute path, of any length; its directory must exist. */
  path: string
  /** Where the socket goes. */
  slot: SlotName
}

/** Remove a file. A missing one is no failure. See unlink(2). */
export interface UnlinkStep extends StepBase {
  op: 'unlink'
  /** Who runs it. Default: after. */
  side?: 'after'
  /** Absolute path. */
  path: string
  /** Slot that the making step filled: where it is empty, nothing is removed. */
  made?: SlotName
}

/** Load an eBPF device program and attach it to a cgroup v2. See bpf(2). */
export interface DeviceProgramStep extends StepBase {
  op: 'deviceProgram'
  /** Who runs it. Default: parent. */
  side?: 'parent'
  /** Slot of the cgroup directory. */
  slot: SlotName
  /** eBPF instructions, 8 bytes each. */
  program: string | Uint8Array
  /** Detach the device programs that were attached to the group before. */
  replace?: boolean
}

/** Write a value to an existing file, in one write, and optionally read it back. See write(2). */
export interface WriteFileStep extends StepBase {
  op: 'writeFile'
  /** Who runs it. Default: parent. */
  side?: 'parent' | 'child' | 'stage' | 'after'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** What is written. */
  data: string | Uint8Array
  /** Open with O_APPEND. */
  append?: boolean
  /** Open with O_TRUNC. */
  truncate?: boolean
  /** The file must be on this file system (ESTALE otherwise). */
  fs?: 'proc' | 'sysfs' | 'cgroup' | 'cgroup2' | 'nsfs' | 'tmpfs' | 'devpts'
  /** What the file must hold afterwards, white space at the end aside (EBADE otherwise). */
  readback?: string
}

/** Read a file into the receipt under a label; all of a receipt take up to 63 KiB. See read(2). */
export interface ReadFileStep extends StepBase {
  op: 'readFile'
  /** Who runs it. Default: after. */
  side?: 'after' | 'parent'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** Key of the receipt. */
  label: string
}

/** Create the container process in new namespaces. See clone3(2). */
export interface CloneStep extends StepBase {
  op: 'clone'
  /** Who runs it. Default: parent. */
  side?: 'parent'
  /** New namespaces. */
  namespaces: readonly ('mnt' | 'cgroup' | 'uts' | 'ipc' | 'user' | 'pid' | 'net' | 'time')[]
  /** Slot of a cgroup v2 directory to be born in. */
  cgroup?: SlotName
}

/** Write the uid or gid map of the new user namespace. See user_namespaces(7). */
export interface IdMapStep extends StepBase {
  op: 'idMap'
  /** Who runs it. Default: parent. */
  side?: 'parent'
  /** Which map. */
  kind: 'uid' | 'gid'
  /** Lines of "inside outside count". */
  map: string
  /** Write "deny" to setgroups first. */
  denySetgroups?: boolean
}

/** Have newuidmap or newgidmap write a map of the new user namespace. See newuidmap(1). */
export interface IdMapHelperStep extends StepBase {
  op: 'idMapHelper'
  /** Who runs it. Default: parent. */
  side?: 'parent'
  /** Absolute path of newuidmap or newgidmap. */
  program: string
  /** inside outside count, repeated. */
  ranges: readonly string[]
}

/** Set a resource limit of the container process from outside. See prlimit(2). */
export interface PrlimitStep extends StepBase {
  op: 'prlimit'
  /** Who runs it. Default: parent. */
  side?: 'parent' | 'child'
  /** Which limit. */
  resource: 'cpu' | 'fsize' | 'data' | 'stack' | 'core' | 'rss' | 'nproc' | 'nofile' | 'memlock' | 'as' | 'locks' | 'sigpending' | 'msgqueue' | 'nice' | 'rtprio' | 'rttime'
  /** Soft limit; 2^64-1: unlimited. */
  soft: number | bigint
  /** Hard limit; 2^64-1: unlimited. */
  hard: number | bigint
}

/** Set how willingly the kernel kills the container process when memory runs out. See proc(5). */
export interface OomScoreAdjStep extends StepBase {
  op: 'oomScoreAdj'
  /** Who runs it. Default: parent. */
  side?: 'parent'
  /** -1000 to 1000. */
  value: number | bigint
}

/** Move a network interface into the container's network namespace. See rtnetlink(7). */
export interface MoveInterfaceStep extends StepBase {
  op: 'moveInterface'
  /** Who runs it. Default: parent. */
  side?: 'parent'
  /** Name of the interface on the host. */
  name: string
  /** Its name inside; absent: the same. */
  rename?: string
}

/** Run a host program with a clean environment and wait for it. See execve(2). */
export interface RunProgramStep extends StepBase {
  op: 'runProgram'
  /** Who runs it. Default: parent. */
  side?: 'parent' | 'child' | 'after'
  /** Program (absolute path) and arguments. */
  argv: readonly string[]
  /** NAME=value lines. */
  env?: readonly string[]
  /** What the program finds as its name; absent: its path. */
  argv0?: string
  /** What it reads on standard input. */
  input?: string | Uint8Array
  /** Where given, the input goes on with the process ID of the container process, as this side sees it, and with this. */
  afterPid?: string | Uint8Array
  /** Killed after this time; 0: never. */
  timeoutMs?: number
}

/** Ask JavaScript and wait for its answer. See recvmsg(2). */
export interface CallbackStep extends StepBase {
  op: 'callback'
  /** Who runs it. Default: parent. */
  side?: 'parent'
  /** Name of the callback in the launch options. */
  name: string
  /** Fails with ETIMEDOUT after this time; 0: never. */
  timeoutMs?: number
}

/** Join namespaces of a process (pidfd) or one namespace (its file). See setns(2). */
export interface SetnsStep extends StepBase {
  op: 'setns'
  /** Who runs it. Default: stage. */
  side?: 'stage' | 'child'
  /** Slot of the pidfd or namespace file. */
  slot: SlotName
  /** Which namespaces; equal ones are dropped first. */
  namespaces: readonly ('mnt' | 'cgroup' | 'uts' | 'ipc' | 'user' | 'pid' | 'net' | 'time')[]
}

/** Leave shared namespaces behind. See unshare(2). */
export interface UnshareStep extends StepBase {
  op: 'unshare'
  /** Who runs it. Default: child. */
  side?: 'child' | 'stage' | 'parent'
  /** Which namespaces to replace with new ones. */
  namespaces: readonly ('mnt' | 'cgroup' | 'uts' | 'ipc' | 'user' | 'pid' | 'net' | 'time')[]
}

/** Reach a barrier: let the other side pass it. See sendmsg(2). */
export interface SignalStep extends StepBase {
  op: 'signal'
  /** Who runs it. Default: parent. */
  side?: 'parent' | 'child'
  /** Name of the barrier. */
  barrier: string
  /** A descriptor that crosses with it. */
  send?: SlotName
}

/** Wait until the other side has reached a barrier. See recvmsg(2). */
export interface WaitStep extends StepBase {
  op: 'wait'
  /** Who runs it. Default: child. */
  side?: 'child' | 'parent'
  /** Name of the barrier. */
  barrier: string
  /** Where the descriptor that crosses with it goes. */
  receive?: SlotName
}

/** Undo what Node leaves behind: signal handlers and mask, umask, nice, affinity, the soft limit on open files. See signal(7). */
export interface ResetStep extends StepBase {
  op: 'reset'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** File mode creation mask. */
  umask: number
  /** Soft RLIMIT_NOFILE to go back to; 0: leave. */
  nofileSoft?: number | bigint
}

/** Become user and group 0 of a user namespace that was made or joined, keeping every capability; elsewhere nothing is done. See user_namespaces(7). */
export interface BecomeRootStep extends StepBase {
  op: 'becomeRoot'
  /** Who runs it. Default: child. */
  side?: 'child'
}

/** Have the kernel send a signal when the supervisor dies. See PR_SET_PDEATHSIG(2const). */
export interface DeathSignalStep extends StepBase {
  op: 'deathSignal'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Signal number. */
  signal: number
}

/** Join a new session keyring. See keyctl(2). */
export interface KeyringStep extends StepBase {
  op: 'keyring'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Name of the keyring; absent: anonymous. */
  name?: string
}

/** Change how mount events spread from a mount; of `/` in a chroot: from the root of the mount namespace. See mount_namespaces(7). */
export interface PropagationStep extends StepBase {
  op: 'propagation'
  /** Who runs it. Default: child. */
  side?: 'child' | 'parent'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** Propagation type. */
  propagation: 'unbindable' | 'private' | 'slave' | 'shared'
  /** Also every mount below. */
  recursive?: boolean
}

/** Make a detached mount of a file system. See fsopen(2). */
export interface FsMountStep extends StepBase {
  op: 'fsMount'
  /** Who runs it. Default: child. */
  side?: 'child' | 'parent' | 'stage'
  /** File system type, as in /proc/filesystems. */
  fstype: string
  /** key, value, key, value …; an empty value sets a flag. */
  options: readonly string[]
  /** Mount attributes. */
  attributes?: readonly ('ro' | 'nosuid' | 'nodev' | 'noexec' | 'atimeMask' | 'noatime' | 'strictatime' | 'nodiratime' | 'idmap' | 'nosymfollow')[]
  /** The mount must have come out writable (EROFS otherwise): an overlay may turn read-only without a word. */
  writable?: boolean
  /** Where the mount goes. */
  slot: SlotName
}

/** Clone a mount, detached. See open_tree(2). */
export interface OpenTreeStep extends StepBase {
  op: 'openTree'
  /** Who runs it. Default: child. */
  side?: 'child' | 'parent' | 'stage'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** Also every mount below. */
  recursive?: boolean
  /** Where the mount goes. */
  slot: SlotName
}

/** Change attributes of a mount. See mount_setattr(2). */
export interface MountSetattrStep extends StepBase {
  op: 'mountSetattr'
  /** Who runs it. Default: child. */
  side?: 'child' | 'parent' | 'stage'
  /** Slot of the mount. */
  in: SlotName
  /** Path; beneath `in` where that is given. */
  path?: string
  /** Also every mount below. */
  recursive?: boolean
  /** Attributes to set. */
  set?: readonly ('ro' | 'nosuid' | 'nodev' | 'noexec' | 'atimeMask' | 'noatime' | 'strictatime' | 'nodiratime' | 'idmap' | 'nosymfollow')[]
  /** Attributes to clear. */
  clear?: readonly ('ro' | 'nosuid' | 'nodev' | 'noexec' | 'atimeMask' | 'noatime' | 'strictatime' | 'nodiratime' | 'idmap' | 'nosymfollow')[]
  /** Propagation type. */
  propagation?: 'unbindable' | 'private' | 'slave' | 'shared'
  /** Slot of the user namespace of an idmapped mount. */
  userns?: SlotName
}

/** Attach a detached mount. See move_mount(2). */
export interface MoveMountStep extends StepBase {
  op: 'moveMount'
  /** Who runs it. Default: child. */
  side?: 'child' | 'parent'
  /** Slot of the detached mount. */
  slot: SlotName
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** What to create at the target when it is missing. */
  create?: 'none' | 'directory' | 'file' | 'sameAsSource'
}

/** Mount a file system beneath the new root. See mount(2). */
export interface MountStep extends StepBase {
  op: 'mount'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** File system type. */
  fstype?: string
  /** Source, as it shows in /proc/mounts. */
  source?: string
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** Mount flags. */
  flags?: readonly ('ro' | 'nosuid' | 'nodev' | 'noexec' | 'sync' | 'remount' | 'mand' | 'dirsync' | 'nosymfollow' | 'noatime' | 'nodiratime' | 'bind' | 'move' | 'rec' | 'silent' | 'relatime' | 'strictatime' | 'lazytime')[]
  /** Options of the file system. */
  data?: string
  /** What to create at the target when it is missing. */
  create?: 'none' | 'directory' | 'file' | 'sameAsSource'
}

/** Show a file or directory of the host, or of a slot, at a path of the new root. See open_tree(2). */
export interface BindStep extends StepBase {
  op: 'bind'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Absolute path of the source, or path beneath `from`. */
  source?: string
  /** Slot of the source itself, or of the directory of `source`. */
  from?: SlotName
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** Also every mount below. */
  recursive?: boolean
  /** Attributes to set. */
  set?: readonly ('ro' | 'nosuid' | 'nodev' | 'noexec' | 'atimeMask' | 'noatime' | 'strictatime' | 'nodiratime' | 'idmap' | 'nosymfollow')[]
  /** Attributes to clear. */
  clear?: readonly ('ro' | 'nosuid' | 'nodev' | 'noexec' | 'atimeMask' | 'noatime' | 'strictatime' | 'nodiratime' | 'idmap' | 'nosymfollow')[]
  /** Change the attributes of every mount below, too. */
  recursiveAttributes?: boolean
  /** Propagation type; absent: private. */
  propagation?: 'unbindable' | 'private' | 'slave' | 'shared'
  /** A missing source is no failure. */
  ifPresent?: boolean
  /** What to create at the target when it is missing. */
  create?: 'none' | 'directory' | 'file' | 'sameAsSource'
}

/** Hide a path: a file behind /dev/null, a directory behind an empty read-only tmpfs. A missing path is no failure. See mount(2). */
export interface MaskStep extends StepBase {
  op: 'mask'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
}

/** Make a path read-only by binding it onto itself. A missing path is no failure. See mount_setattr(2). */
export interface ReadonlyStep extends StepBase {
  op: 'readonly'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** Also every mount below. */
  recursive?: boolean
}

/** Unmount. See umount(2). */
export interface UnmountStep extends StepBase {
  op: 'unmount'
  /** Who runs it. Default: child. */
  side?: 'child' | 'after'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** Flags. */
  flags?: readonly ('force' | 'detach' | 'expire' | 'nofollow')[]
}

/** Create a directory; its parents too. An existing one is left as it is. See mkdir(2). */
export interface MkdirStep extends StepBase {
  op: 'mkdir'
  /** Who runs it. Default: child. */
  side?: 'child' | 'parent'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** Mode, the umask aside. */
  mode: number
  /** Owner. */
  uid?: number
  /** Group. */
  gid?: number
}

/** Create a symbolic link. An existing entry is left as it is. See symlink(2). */
export interface SymlinkStep extends StepBase {
  op: 'symlink'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** What the link says. */
  target: string
}

/** Create a device node. See mknod(2). */
export interface MknodStep extends StepBase {
  op: 'mknod'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** Kind of node. */
  type: 'char' | 'block' | 'fifo'
  /** Permission bits, the umask aside. */
  mode: number
  /** Major number. */
  major?: number
  /** Minor number. */
  minor?: number
  /** Owner. */
  uid?: number
  /** Group. */
  gid?: number
}

/** Create a regular file with the given content; an existing one is replaced. See open(2). */
export interface MakeFileStep extends StepBase {
  op: 'makeFile'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
  /** Content. */
  data: string | Uint8Array
  /** Mode, the umask aside. */
  mode: number
  /** Owner. */
  uid?: number
  /** Group. */
  gid?: number
}

/** Copy what a directory holds into another, owners, modes, times and extended attributes included. See copy_file_range(2). */
export interface CopyUpStep extends StepBase {
  op: 'copyUp'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of the directory that is read. */
  from: SlotName
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
}

/** Make a pseudo-terminal from the container's own devpts; the master goes to the caller. See pty(7). */
export interface MakePtyStep extends StepBase {
  op: 'makePty'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path of ptmx. */
  path: string
  /** Rows; 0: unset. */
  rows?: number
  /** Columns; 0: unset. */
  columns?: number
  /** Owner of the terminal. */
  uid?: number
  /** Path, beneath `in`, at which the terminal is bound, too (/dev/console). */
  console?: string
  /** Where the terminal end goes. */
  slot: SlotName
}

/** Set the host name. See sethostname(2). */
export interface HostnameStep extends StepBase {
  op: 'hostname'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Host name, up to 64 bytes. */
  name: string
}

/** Set the NIS domain name. See setdomainname(2). */
export interface DomainnameStep extends StepBase {
  op: 'domainname'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Domain name, up to 64 bytes. */
  name: string
}

/** Bring a network interface up. See netdevice(7). */
export interface InterfaceUpStep extends StepBase {
  op: 'interfaceUp'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Interface, up to 15 bytes. */
  name: string
}

/** Make a mount the root and let go of the old one. See pivot_root(2). */
export interface PivotRootStep extends StepBase {
  op: 'pivotRoot'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of the attached new root. */
  slot: SlotName
}

/** Make a mount the root by moving it over / (for a ramfs root, which cannot pivot). See mount(2). */
export interface MoveRootStep extends StepBase {
  op: 'moveRoot'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of the attached new root. */
  slot: SlotName
}

/** Change the root directory. A process with CAP_SYS_CHROOT can leave it again. See chroot(2). */
export interface ChrootStep extends StepBase {
  op: 'chroot'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute. */
  in?: SlotName
  /** Path; beneath `in` where that is given. */
  path: string
}

/** Start a new session. See setsid(2). */
export interface SetsidStep extends StepBase {
  op: 'setsid'
  /** Who runs it. Default: child. */
  side?: 'child'
}

/** Make a terminal the controlling one and standard input, output and error. See ioctl_tty(2). */
export interface ControllingTerminalStep extends StepBase {
  op: 'controllingTerminal'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of the terminal. */
  slot: SlotName
}

/** Give the program a descriptor under a number. See dup(2). */
export interface InheritFdStep extends StepBase {
  op: 'inheritFd'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of the descriptor. */
  slot: SlotName
  /** Number in the program; 0 and above. */
  number: number
}

/** Set the nice value. See setpriority(2). */
export interface PriorityStep extends StepBase {
  op: 'priority'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** -20 (most favourable) to 19. */
  nice: number | bigint
}

/** Set the I/O priority. See ioprio_set(2). */
export interface IoPriorityStep extends StepBase {
  op: 'ioPriority'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Scheduling class. */
  class: 'realtime' | 'bestEffort' | 'idle'
  /** 0 (highest) to 7. */
  level: number
}

/** Set the CPU scheduling policy. See sched_setattr(2). */
export interface SchedulerStep extends StepBase {
  op: 'scheduler'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Policy. */
  policy: 'other' | 'fifo' | 'rr' | 'batch' | 'idle' | 'deadline'
  /** SCHED_FLAG_ bits. */
  flags?: number | bigint
  /** Nice value. */
  nice?: number | bigint
  /** Real-time priority. */
  priority?: number
  /** ns. */
  runtime?: number | bigint
  /** ns. */
  deadline?: number | bigint
  /** ns. */
  period?: number | bigint
}

/** Set on which processors the program may run. See sched_setaffinity(2). */
export interface AffinityStep extends StepBase {
  op: 'affinity'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Processor numbers. */
  cpus: readonly number[]
}

/** Set from which memory nodes the program gets its memory. See set_mempolicy(2). */
export interface MemoryPolicyStep extends StepBase {
  op: 'memoryPolicy'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Policy. */
  mode: 'default' | 'preferred' | 'bind' | 'interleave' | 'local' | 'preferredMany' | 'weightedInterleave'
  /** Mode flags. */
  flags?: readonly ('numaBalancing' | 'relativeNodes' | 'staticNodes')[]
  /** Node numbers. */
  nodes?: readonly number[]
}

/** Set the execution domain. See personality(2). */
export interface PersonalityStep extends StepBase {
  op: 'personality'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Persona and flags. */
  persona: number | bigint
}

/** Look the program of the plan up without executing it: one that is missing fails before the container is parked. See execve(2). */
export interface FindProgramStep extends StepBase {
  op: 'findProgram'
  /** Who runs it. Default: child. */
  side?: 'child'
}

/** Stop here until somebody says start: the caller, who brings the program to run, or whoever connects to a socket. See recvmsg(2). */
export interface ParkStep extends StepBase {
  op: 'park'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Slot of a listening socket; the program is then the one of the plan, and the supervisor leaves. */
  listen?: SlotName
}

/** Drop every capability that is not listed from the bounding set. See capabilities(7). */
export interface CapBoundingStep extends StepBase {
  op: 'capBounding'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Mask of the capabilities that stay. */
  keep: number | bigint
}

/** Set the supplementary groups. See setgroups(2). */
export interface SetgroupsStep extends StepBase {
  op: 'setgroups'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Group IDs; may be empty. */
  gids: readonly number[]
}

/** Set the real, effective and saved group ID. See setresgid(2). */
export interface SetgidStep extends StepBase {
  op: 'setgid'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Group ID, 0 to 2^31-1. */
  gid: number
}

/** Set the real, effective and saved user ID; permitted capabilities are kept for the steps that follow. See setresuid(2). */
export interface SetuidStep extends StepBase {
  op: 'setuid'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** User ID, 0 to 2^31-1. */
  uid: number
}

/** Set the file mode creation mask. See umask(2). */
export interface UmaskStep extends StepBase {
  op: 'umask'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** 0 to 0o777. */
  mask: number
}

/** Change the working directory and check that it is inside the root. See chdir(2). */
export interface ChdirStep extends StepBase {
  op: 'chdir'
  /** Who runs it. Default: child. */
  side?: 'child' | 'parent'
  /** Absolute path. */
  path: string
}

/** Keep other processes of the container from tracing this one before it executes the program. See PR_SET_DUMPABLE(2const). */
export interface UndumpableStep extends StepBase {
  op: 'undumpable'
  /** Who runs it. Default: stage. */
  side?: 'stage'
}

/** Put inherited descriptors at their numbers and close every other one from 3 up at execve. See close_range(2). */
export interface CloseFdsStep extends StepBase {
  op: 'closeFds'
  /** Who runs it. Default: child. */
  side?: 'child'
}

/** Set the securebits. See capabilities(7). */
export interface SecurebitsStep extends StepBase {
  op: 'securebits'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Bits. */
  bits: readonly ('noroot' | 'norootLocked' | 'noSetuidFixup' | 'noSetuidFixupLocked' | 'keepCaps' | 'keepCapsLocked' | 'noCapAmbientRaise' | 'noCapAmbientRaiseLocked')[]
}

/** Set the effective, permitted, inheritable and ambient capability sets. See capset(2). */
export interface CapSetStep extends StepBase {
  op: 'capSet'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Mask. */
  effective: number | bigint
  /** Mask. */
  permitted: number | bigint
  /** Mask. */
  inheritable: number | bigint
  /** Mask. */
  ambient?: number | bigint
}

/** Promise that execve grants no privilege. See PR_SET_NO_NEW_PRIVS(2const). */
export interface NoNewPrivsStep extends StepBase {
  op: 'noNewPrivs'
  /** Who runs it. Default: child. */
  side?: 'child'
}

/** Load a system call filter. See seccomp(2). */
export interface SeccompStep extends StepBase {
  op: 'seccomp'
  /** Who runs it. Default: child. */
  side?: 'child'
  /** Classic BPF instructions, 8 bytes each. */
  filter: string | Uint8Array
  /** Flags. */
  flags?: readonly ('tsync' | 'log' | 'specAllow' | 'newListener' | 'tsyncEsrch' | 'waitKillableRecv')[]
  /** Where newListener is set: label under which the caller receives the listener. */
  listener?: string
}

/** Stay as a reaping, signal-forwarding PID 1 and run the program as its child. See pid_namespaces(7). */
export interface InitProcessStep extends StepBase {
  op: 'initProcess'
  /** Who runs it. Default: child. */
  side?: 'child'
}

/** One kernel action: plain, serialisable data. */
export type Step =
  | OpenStep
  | PidfdOpenStep
  | CgroupCreateStep
  | CgroupRemoveStep
  | ListenStep
  | UnlinkStep
  | DeviceProgramStep
  | WriteFileStep
  | ReadFileStep
  | CloneStep
  | IdMapStep
  | IdMapHelperStep
  | PrlimitStep
  | OomScoreAdjStep
  | MoveInterfaceStep
  | RunProgramStep
  | CallbackStep
  | SetnsStep
  | UnshareStep
  | SignalStep
  | WaitStep
  | ResetStep
  | BecomeRootStep
  | DeathSignalStep
  | KeyringStep
  | PropagationStep
  | FsMountStep
  | OpenTreeStep
  | MountSetattrStep
  | MoveMountStep
  | MountStep
  | BindStep
  | MaskStep
  | ReadonlyStep
  | UnmountStep
  | MkdirStep
  | SymlinkStep
  | MknodStep
  | MakeFileStep
  | CopyUpStep
  | MakePtyStep
  | HostnameStep
  | DomainnameStep
  | InterfaceUpStep
  | PivotRootStep
  | MoveRootStep
  | ChrootStep
  | SetsidStep
  | ControllingTerminalStep
  | InheritFdStep
  | PriorityStep
  | IoPriorityStep
  | SchedulerStep
  | AffinityStep
  | MemoryPolicyStep
  | PersonalityStep
  | FindProgramStep
  | ParkStep
  | CapBoundingStep
  | SetgroupsStep
  | SetgidStep
  | SetuidStep
  | UmaskStep
  | ChdirStep
  | UndumpableStep
  | CloseFdsStep
  | SecurebitsStep
  | CapSetStep
  | NoNewPrivsStep
  | SeccompStep
  | InitProcessStep

/** The name of an operation. */
export type OperationName = Step['op']

/** Changes with the table: iso-init refuses a plan that was encoded from another one. */
export const TABLE_DIGEST = 4105246079

/** The operation table, as the linker and `explain()` use it. */
export const operations: Readonly<Record<OperationName, OperationSpec>> = {
  open: {
    code: 1,
    doc: "Open a file, directory or namespace into a slot.",
    syscall: 'openat2',
    man: "openat2(2)",
    sides: ["parent","stage","child"],
    phases: {"parent":"before","stage":"join","child":"setup"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'template' },
      { name: 'flags', kind: 'flags', names: {"readOnly":0,"writeOnly":1,"readWrite":2,"create":64,"exclusive":128,"noctty":256,"truncate":512,"append":1024,"nonblock":2048,"directory":65536,"nofollow":131072,"path":2097152} },
      { name: 'resolve', kind: 'flags', optional: true, names: {"noXdev":1,"noMagicLinks":2,"noSymlinks":4,"beneath":8,"inRoot":16} },
      { name: 'mode', kind: 'u32', optional: true },
      { name: 'fs', kind: 'enum', optional: true, names: {"proc":40864,"sysfs":1650812274,"cgroup":2613483,"cgroup2":1667723888,"nsfs":1853056627,"tmpfs":16914836,"devpts":7377} },
      { name: 'slot', kind: 'slot', makes: true },
    ],
  },
  pidfdOpen: {
    code: 2,
    doc: "Open a pidfd for a process.",
    syscall: 'pidfd_open',
    man: "pidfd_open(2)",
    sides: ["parent"],
    phases: {"parent":"before"},
    fields: [
      { name: 'pid', kind: 'u32' },
      { name: 'slot', kind: 'slot', makes: true },
    ],
  },
  cgroupCreate: {
    code: 3,
    doc: "Create a cgroup directory, open it, and lock it for as long as the supervisor lives.",
    syscall: 'mkdirat',
    man: "cgroups(7)",
    sides: ["parent"],
    phases: {"parent":"before"},
    inverse: 'cgroupRemove',
    fields: [
      { name: 'path', kind: 'str' },
      { name: 'exist', kind: 'bool', optional: true },
      { name: 'slot', kind: 'slot', makes: true },
      { name: 'uid', kind: 'id', optional: true },
      { name: 'gid', kind: 'id', optional: true },
    ],
  },
  cgroupRemove: {
    code: 4,
    doc: "Kill what is left in a cgroup and remove it with its children.",
    syscall: 'rmdir',
    man: "cgroups(7)",
    sides: ["after"],
    phases: {"after":"undo"},
    fields: [
      { name: 'path', kind: 'str' },
      { name: 'made', kind: 'slot', optional: true },
      { name: 'timeoutMs', kind: 'u32', optional: true },
    ],
  },
  listen: {
    code: 5,
    doc: "Make a Unix stream socket that listens, reachable by its owner only.",
    syscall: 'bind',
    man: "unix(7)",
    sides: ["parent"],
    phases: {"parent":"before"},
    inverse: 'unlink',
    fields: [
      { name: 'path', kind: 'str' },
      { name: 'slot', kind: 'slot', makes: true },
    ],
  },
  unlink: {
    code: 6,
    doc: "Remove a file. A missing one is no failure.",
    syscall: 'unlinkat',
    man: "unlink(2)",
    sides: ["after"],
    phases: {"after":"undo"},
    fields: [
      { name: 'path', kind: 'str' },
      { name: 'made', kind: 'slot', optional: true },
    ],
  },
  deviceProgram: {
    code: 7,
    doc: "Load an eBPF device program and attach it to a cgroup v2.",
    syscall: 'bpf',
    man: "bpf(2)",
    sides: ["parent"],
    phases: {"parent":"before"},
    fields: [
      { name: 'slot', kind: 'slot' },
      { name: 'program', kind: 'bytes' },
      { name: 'replace', kind: 'bool', optional: true },
    ],
  },
  writeFile: {
    code: 8,
    doc: "Write a value to an existing file, in one write, and optionally read it back.",
    syscall: 'write',
    man: "write(2)",
    sides: ["parent","child","stage","after"],
    phases: {"parent":"before","child":"setup","stage":"join","after":"receipt"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'template' },
      { name: 'data', kind: 'bytes' },
      { name: 'append', kind: 'bool', optional: true },
      { name: 'truncate', kind: 'bool', optional: true },
      { name: 'fs', kind: 'enum', optional: true, names: {"proc":40864,"sysfs":1650812274,"cgroup":2613483,"cgroup2":1667723888,"nsfs":1853056627,"tmpfs":16914836,"devpts":7377} },
      { name: 'readback', kind: 'str', optional: true },
    ],
  },
  readFile: {
    code: 9,
    doc: "Read a file into the receipt under a label; all of a receipt take up to 63 KiB.",
    syscall: 'read',
    man: "read(2)",
    sides: ["after","parent"],
    phases: {"after":"receipt","parent":"beside"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'template' },
      { name: 'label', kind: 'str' },
    ],
  },
  clone: {
    code: 10,
    doc: "Create the container process in new namespaces.",
    syscall: 'clone3',
    man: "clone3(2)",
    sides: ["parent"],
    phases: {"parent":"clone"},
    fields: [
      { name: 'namespaces', kind: 'flags', names: {"mnt":131072,"cgroup":33554432,"uts":67108864,"ipc":134217728,"user":268435456,"pid":536870912,"net":1073741824,"time":128} },
      { name: 'cgroup', kind: 'slot', optional: true },
    ],
  },
  idMap: {
    code: 11,
    doc: "Write the uid or gid map of the new user namespace.",
    syscall: 'write',
    man: "user_namespaces(7)",
    sides: ["parent"],
    phases: {"parent":"beside"},
    fields: [
      { name: 'kind', kind: 'enum', names: {"uid":0,"gid":1} },
      { name: 'map', kind: 'str' },
      { name: 'denySetgroups', kind: 'bool', optional: true },
    ],
  },
  idMapHelper: {
    code: 12,
    doc: "Have newuidmap or newgidmap write a map of the new user namespace.",
    syscall: 'execve',
    man: "newuidmap(1)",
    sides: ["parent"],
    phases: {"parent":"beside"},
    fields: [
      { name: 'program', kind: 'str' },
      { name: 'ranges', kind: 'strs' },
    ],
  },
  prlimit: {
    code: 13,
    doc: "Set a resource limit of the container process from outside.",
    syscall: 'prlimit64',
    man: "prlimit(2)",
    sides: ["parent","child"],
    phases: {"parent":"beside","child":"identity"},
    fields: [
      { name: 'resource', kind: 'enum', names: {"cpu":0,"fsize":1,"data":2,"stack":3,"core":4,"rss":5,"nproc":6,"nofile":7,"memlock":8,"as":9,"locks":10,"sigpending":11,"msgqueue":12,"nice":13,"rtprio":14,"rttime":15} },
      { name: 'soft', kind: 'u64' },
      { name: 'hard', kind: 'u64' },
    ],
  },
  oomScoreAdj: {
    code: 14,
    doc: "Set how willingly the kernel kills the container process when memory runs out.",
    syscall: 'write',
    man: "proc(5)",
    sides: ["parent"],
    phases: {"parent":"beside"},
    fields: [
      { name: 'value', kind: 'i64' },
    ],
  },
  moveInterface: {
    code: 15,
    doc: "Move a network interface into the container's network namespace.",
    syscall: 'sendmsg',
    man: "rtnetlink(7)",
    sides: ["parent"],
    phases: {"parent":"beside"},
    fields: [
      { name: 'name', kind: 'str' },
      { name: 'rename', kind: 'str', optional: true },
    ],
  },
  runProgram: {
    code: 16,
    doc: "Run a host program with a clean environment and wait for it.",
    syscall: 'execve',
    man: "execve(2)",
    sides: ["parent","child","after"],
    phases: {"parent":"beside","child":"setup","after":"undo"},
    fields: [
      { name: 'argv', kind: 'strs' },
      { name: 'env', kind: 'strs', optional: true },
      { name: 'argv0', kind: 'str', optional: true },
      { name: 'input', kind: 'bytes', optional: true },
      { name: 'afterPid', kind: 'bytes', optional: true },
      { name: 'timeoutMs', kind: 'u32', optional: true },
    ],
  },
  callback: {
    code: 17,
    doc: "Ask JavaScript and wait for its answer.",
    syscall: 'recvmsg',
    man: "recvmsg(2)",
    sides: ["parent"],
    phases: {"parent":"beside"},
    fields: [
      { name: 'name', kind: 'str' },
      { name: 'timeoutMs', kind: 'u32', optional: true },
    ],
  },
  setns: {
    code: 18,
    doc: "Join namespaces of a process (pidfd) or one namespace (its file).",
    syscall: 'setns',
    man: "setns(2)",
    sides: ["stage","child"],
    phases: {"stage":"join","child":"setup"},
    fields: [
      { name: 'slot', kind: 'slot' },
      { name: 'namespaces', kind: 'flags', names: {"mnt":131072,"cgroup":33554432,"uts":67108864,"ipc":134217728,"user":268435456,"pid":536870912,"net":1073741824,"time":128} },
    ],
  },
  unshare: {
    code: 19,
    doc: "Leave shared namespaces behind.",
    syscall: 'unshare',
    man: "unshare(2)",
    sides: ["child","stage","parent"],
    phases: {"child":"setup","stage":"join","parent":"beside"},
    fields: [
      { name: 'namespaces', kind: 'flags', names: {"mnt":131072,"cgroup":33554432,"uts":67108864,"ipc":134217728,"user":268435456,"pid":536870912,"net":1073741824,"time":128} },
    ],
  },
  signal: {
    code: 20,
    doc: "Reach a barrier: let the other side pass it.",
    syscall: 'sendmsg',
    man: "sendmsg(2)",
    sides: ["parent","child"],
    phases: {"parent":"beside","child":"setup"},
    fields: [
      { name: 'barrier', kind: 'str' },
      { name: 'send', kind: 'slot', optional: true },
    ],
  },
  wait: {
    code: 21,
    doc: "Wait until the other side has reached a barrier.",
    syscall: 'recvmsg',
    man: "recvmsg(2)",
    sides: ["child","parent"],
    phases: {"parent":"beside","child":"setup"},
    fields: [
      { name: 'barrier', kind: 'str' },
      { name: 'receive', kind: 'slot', optional: true, makes: true },
    ],
  },
  reset: {
    code: 22,
    doc: "Undo what Node leaves behind: signal handlers and mask, umask, nice, affinity, the soft limit on open files.",
    syscall: 'sigaction',
    man: "signal(7)",
    sides: ["child"],
    phases: {"child":"reset"},
    fields: [
      { name: 'umask', kind: 'u32' },
      { name: 'nofileSoft', kind: 'u64', optional: true },
    ],
  },
  becomeRoot: {
    code: 23,
    doc: "Become user and group 0 of a user namespace that was made or joined, keeping every capability; elsewhere nothing is done.",
    syscall: 'setresuid',
    man: "user_namespaces(7)",
    sides: ["child"],
    phases: {"child":"reset"},
    fields: [
    ],
  },
  deathSignal: {
    code: 24,
    doc: "Have the kernel send a signal when the supervisor dies.",
    syscall: 'prctl',
    man: "PR_SET_PDEATHSIG(2const)",
    sides: ["child"],
    phases: {"child":"reset"},
    fields: [
      { name: 'signal', kind: 'u32' },
    ],
  },
  keyring: {
    code: 25,
    doc: "Join a new session keyring.",
    syscall: 'keyctl',
    man: "keyctl(2)",
    sides: ["child"],
    phases: {"child":"reset"},
    fields: [
      { name: 'name', kind: 'str', optional: true },
    ],
  },
  propagation: {
    code: 26,
    doc: "Change how mount events spread from a mount; of `/` in a chroot: from the root of the mount namespace.",
    syscall: 'mount',
    man: "mount_namespaces(7)",
    sides: ["child","parent"],
    phases: {"child":"setup","parent":"beside"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
      { name: 'propagation', kind: 'enum', names: {"unbindable":131072,"private":262144,"slave":524288,"shared":1048576} },
      { name: 'recursive', kind: 'bool', optional: true },
    ],
  },
  fsMount: {
    code: 27,
    doc: "Make a detached mount of a file system.",
    syscall: 'fsmount',
    man: "fsopen(2)",
    sides: ["child","parent","stage"],
    phases: {"child":"setup","parent":"before","stage":"join"},
    fields: [
      { name: 'fstype', kind: 'str' },
      { name: 'options', kind: 'templates' },
      { name: 'attributes', kind: 'flags', optional: true, names: {"ro":1,"nosuid":2,"nodev":4,"noexec":8,"atimeMask":112,"noatime":16,"strictatime":32,"nodiratime":128,"idmap":1048576,"nosymfollow":2097152} },
      { name: 'writable', kind: 'bool', optional: true },
      { name: 'slot', kind: 'slot', makes: true },
    ],
  },
  openTree: {
    code: 28,
    doc: "Clone a mount, detached.",
    syscall: 'open_tree',
    man: "open_tree(2)",
    sides: ["child","parent","stage"],
    phases: {"child":"setup","parent":"before","stage":"join"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
      { name: 'recursive', kind: 'bool', optional: true },
      { name: 'slot', kind: 'slot', makes: true },
    ],
  },
  mountSetattr: {
    code: 29,
    doc: "Change attributes of a mount.",
    syscall: 'mount_setattr',
    man: "mount_setattr(2)",
    sides: ["child","parent","stage"],
    phases: {"child":"setup","parent":"before","stage":"join"},
    fields: [
      { name: 'in', kind: 'slot' },
      { name: 'path', kind: 'str', optional: true },
      { name: 'recursive', kind: 'bool', optional: true },
      { name: 'set', kind: 'flags', optional: true, names: {"ro":1,"nosuid":2,"nodev":4,"noexec":8,"atimeMask":112,"noatime":16,"strictatime":32,"nodiratime":128,"idmap":1048576,"nosymfollow":2097152} },
      { name: 'clear', kind: 'flags', optional: true, names: {"ro":1,"nosuid":2,"nodev":4,"noexec":8,"atimeMask":112,"noatime":16,"strictatime":32,"nodiratime":128,"idmap":1048576,"nosymfollow":2097152} },
      { name: 'propagation', kind: 'enum', optional: true, names: {"unbindable":131072,"private":262144,"slave":524288,"shared":1048576} },
      { name: 'userns', kind: 'slot', optional: true },
    ],
  },
  moveMount: {
    code: 30,
    doc: "Attach a detached mount.",
    syscall: 'move_mount',
    man: "move_mount(2)",
    sides: ["child","parent"],
    phases: {"child":"setup","parent":"beside"},
    fields: [
      { name: 'slot', kind: 'slot' },
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
      { name: 'create', kind: 'enum', optional: true, names: {"none":0,"directory":1,"file":2,"sameAsSource":3} },
    ],
  },
  mount: {
    code: 31,
    doc: "Mount a file system beneath the new root.",
    syscall: 'mount',
    man: "mount(2)",
    sides: ["child"],
    phases: {"child":"setup"},
    fields: [
      { name: 'fstype', kind: 'str', optional: true },
      { name: 'source', kind: 'template', optional: true },
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
      { name: 'flags', kind: 'flags', optional: true, names: {"ro":1,"nosuid":2,"nodev":4,"noexec":8,"sync":16,"remount":32,"mand":64,"dirsync":128,"nosymfollow":256,"noatime":1024,"nodiratime":2048,"bind":4096,"move":8192,"rec":16384,"silent":32768,"relatime":2097152,"strictatime":16777216,"lazytime":33554432} },
      { name: 'data', kind: 'template', optional: true },
      { name: 'create', kind: 'enum', optional: true, names: {"none":0,"directory":1,"file":2,"sameAsSource":3} },
    ],
  },
  bind: {
    code: 32,
    doc: "Show a file or directory of the host, or of a slot, at a path of the new root.",
    syscall: 'move_mount',
    man: "open_tree(2)",
    sides: ["child"],
    phases: {"child":"setup"},
    fields: [
      { name: 'source', kind: 'str', optional: true },
      { name: 'from', kind: 'slot', optional: true },
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
      { name: 'recursive', kind: 'bool', optional: true },
      { name: 'set', kind: 'flags', optional: true, names: {"ro":1,"nosuid":2,"nodev":4,"noexec":8,"atimeMask":112,"noatime":16,"strictatime":32,"nodiratime":128,"idmap":1048576,"nosymfollow":2097152} },
      { name: 'clear', kind: 'flags', optional: true, names: {"ro":1,"nosuid":2,"nodev":4,"noexec":8,"atimeMask":112,"noatime":16,"strictatime":32,"nodiratime":128,"idmap":1048576,"nosymfollow":2097152} },
      { name: 'recursiveAttributes', kind: 'bool', optional: true },
      { name: 'propagation', kind: 'enum', optional: true, names: {"unbindable":131072,"private":262144,"slave":524288,"shared":1048576} },
      { name: 'ifPresent', kind: 'bool', optional: true },
      { name: 'create', kind: 'enum', optional: true, names: {"none":0,"directory":1,"file":2,"sameAsSource":3} },
    ],
  },
  mask: {
    code: 33,
    doc: "Hide a path: a file behind /dev/null, a directory behind an empty read-only tmpfs. A missing path is no failure.",
    syscall: 'mount',
    man: "mount(2)",
    sides: ["child"],
    phases: {"child":"setup"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
    ],
  },
  readonly: {
    code: 34,
    doc: "Make a path read-only by binding it onto itself. A missing path is no failure.",
    syscall: 'mount_setattr',
    man: "mount_setattr(2)",
    sides: ["child"],
    phases: {"child":"setup"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
      { name: 'recursive', kind: 'bool', optional: true },
    ],
  },
  unmount: {
    code: 35,
    doc: "Unmount.",
    syscall: 'umount2',
    man: "umount(2)",
    sides: ["child","after"],
    phases: {"child":"setup","after":"undo"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
      { name: 'flags', kind: 'flags', optional: true, names: {"force":1,"detach":2,"expire":4,"nofollow":8} },
    ],
  },
  mkdir: {
    code: 36,
    doc: "Create a directory; its parents too. An existing one is left as it is.",
    syscall: 'mkdirat',
    man: "mkdir(2)",
    sides: ["child","parent"],
    phases: {"child":"setup","parent":"before"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
      { name: 'mode', kind: 'u32' },
      { name: 'uid', kind: 'id', optional: true },
      { name: 'gid', kind: 'id', optional: true },
    ],
  },
  symlink: {
    code: 37,
    doc: "Create a symbolic link. An existing entry is left as it is.",
    syscall: 'symlinkat',
    man: "symlink(2)",
    sides: ["child"],
    phases: {"child":"setup"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
      { name: 'target', kind: 'str' },
    ],
  },
  mknod: {
    code: 38,
    doc: "Create a device node.",
    syscall: 'mknodat',
    man: "mknod(2)",
    sides: ["child"],
    phases: {"child":"setup"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
      { name: 'type', kind: 'enum', names: {"char":8192,"block":24576,"fifo":4096} },
      { name: 'mode', kind: 'u32' },
      { name: 'major', kind: 'u32', optional: true },
      { name: 'minor', kind: 'u32', optional: true },
      { name: 'uid', kind: 'id', optional: true },
      { name: 'gid', kind: 'id', optional: true },
    ],
  },
  makeFile: {
    code: 39,
    doc: "Create a regular file with the given content; an existing one is replaced.",
    syscall: 'openat2',
    man: "open(2)",
    sides: ["child"],
    phases: {"child":"setup"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
      { name: 'data', kind: 'bytes' },
      { name: 'mode', kind: 'u32' },
      { name: 'uid', kind: 'id', optional: true },
      { name: 'gid', kind: 'id', optional: true },
    ],
  },
  copyUp: {
    code: 40,
    doc: "Copy what a directory holds into another, owners, modes, times and extended attributes included.",
    syscall: 'openat2',
    man: "copy_file_range(2)",
    sides: ["child"],
    phases: {"child":"setup"},
    fields: [
      { name: 'from', kind: 'slot' },
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
    ],
  },
  makePty: {
    code: 41,
    doc: "Make a pseudo-terminal from the container's own devpts; the master goes to the caller.",
    syscall: 'ioctl',
    man: "pty(7)",
    sides: ["child"],
    phases: {"child":"setup"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
      { name: 'rows', kind: 'u32', optional: true },
      { name: 'columns', kind: 'u32', optional: true },
      { name: 'uid', kind: 'id', optional: true },
      { name: 'console', kind: 'str', optional: true },
      { name: 'slot', kind: 'slot', makes: true },
    ],
  },
  hostname: {
    code: 42,
    doc: "Set the host name.",
    syscall: 'sethostname',
    man: "sethostname(2)",
    sides: ["child"],
    phases: {"child":"setup"},
    fields: [
      { name: 'name', kind: 'str' },
    ],
  },
  domainname: {
    code: 43,
    doc: "Set the NIS domain name.",
    syscall: 'setdomainname',
    man: "setdomainname(2)",
    sides: ["child"],
    phases: {"child":"setup"},
    fields: [
      { name: 'name', kind: 'str' },
    ],
  },
  interfaceUp: {
    code: 44,
    doc: "Bring a network interface up.",
    syscall: 'ioctl',
    man: "netdevice(7)",
    sides: ["child"],
    phases: {"child":"setup"},
    fields: [
      { name: 'name', kind: 'str' },
    ],
  },
  pivotRoot: {
    code: 45,
    doc: "Make a mount the root and let go of the old one.",
    syscall: 'pivot_root',
    man: "pivot_root(2)",
    sides: ["child"],
    phases: {"child":"root"},
    fields: [
      { name: 'slot', kind: 'slot' },
    ],
  },
  moveRoot: {
    code: 46,
    doc: "Make a mount the root by moving it over / (for a ramfs root, which cannot pivot).",
    syscall: 'mount',
    man: "mount(2)",
    sides: ["child"],
    phases: {"child":"root"},
    fields: [
      { name: 'slot', kind: 'slot' },
    ],
  },
  chroot: {
    code: 47,
    doc: "Change the root directory. A process with CAP_SYS_CHROOT can leave it again.",
    syscall: 'chroot',
    man: "chroot(2)",
    sides: ["child"],
    phases: {"child":"root"},
    fields: [
      { name: 'in', kind: 'slot', optional: true },
      { name: 'path', kind: 'str' },
    ],
  },
  setsid: {
    code: 48,
    doc: "Start a new session.",
    syscall: 'setsid',
    man: "setsid(2)",
    sides: ["child"],
    phases: {"child":"late"},
    fields: [
    ],
  },
  controllingTerminal: {
    code: 49,
    doc: "Make a terminal the controlling one and standard input, output and error.",
    syscall: 'ioctl',
    man: "ioctl_tty(2)",
    sides: ["child"],
    phases: {"child":"late"},
    fields: [
      { name: 'slot', kind: 'slot' },
    ],
  },
  inheritFd: {
    code: 50,
    doc: "Give the program a descriptor under a number.",
    syscall: 'dup3',
    man: "dup(2)",
    sides: ["child"],
    phases: {"child":"lockdown"},
    fields: [
      { name: 'slot', kind: 'slot' },
      { name: 'number', kind: 'u32' },
    ],
  },
  priority: {
    code: 51,
    doc: "Set the nice value.",
    syscall: 'setpriority',
    man: "setpriority(2)",
    sides: ["child"],
    phases: {"child":"late"},
    fields: [
      { name: 'nice', kind: 'i64' },
    ],
  },
  ioPriority: {
    code: 52,
    doc: "Set the I/O priority.",
    syscall: 'ioprio_set',
    man: "ioprio_set(2)",
    sides: ["child"],
    phases: {"child":"late"},
    fields: [
      { name: 'class', kind: 'enum', names: {"realtime":1,"bestEffort":2,"idle":3} },
      { name: 'level', kind: 'u32' },
    ],
  },
  scheduler: {
    code: 53,
    doc: "Set the CPU scheduling policy.",
    syscall: 'sched_setattr',
    man: "sched_setattr(2)",
    sides: ["child"],
    phases: {"child":"late"},
    fields: [
      { name: 'policy', kind: 'enum', names: {"other":0,"fifo":1,"rr":2,"batch":3,"idle":5,"deadline":6} },
      { name: 'flags', kind: 'u64', optional: true },
      { name: 'nice', kind: 'i64', optional: true },
      { name: 'priority', kind: 'u32', optional: true },
      { name: 'runtime', kind: 'u64', optional: true },
      { name: 'deadline', kind: 'u64', optional: true },
      { name: 'period', kind: 'u64', optional: true },
    ],
  },
  affinity: {
    code: 54,
    doc: "Set on which processors the program may run.",
    syscall: 'sched_setaffinity',
    man: "sched_setaffinity(2)",
    sides: ["child"],
    phases: {"child":"late"},
    fields: [
      { name: 'cpus', kind: 'u32s' },
    ],
  },
  memoryPolicy: {
    code: 55,
    doc: "Set from which memory nodes the program gets its memory.",
    syscall: 'set_mempolicy',
    man: "set_mempolicy(2)",
    sides: ["child"],
    phases: {"child":"late"},
    fields: [
      { name: 'mode', kind: 'enum', names: {"default":0,"preferred":1,"bind":2,"interleave":3,"local":4,"preferredMany":5,"weightedInterleave":6} },
      { name: 'flags', kind: 'flags', optional: true, names: {"numaBalancing":8192,"relativeNodes":16384,"staticNodes":32768} },
      { name: 'nodes', kind: 'u32s', optional: true },
    ],
  },
  personality: {
    code: 56,
    doc: "Set the execution domain.",
    syscall: 'personality',
    man: "personality(2)",
    sides: ["child"],
    phases: {"child":"late"},
    fields: [
      { name: 'persona', kind: 'u64' },
    ],
  },
  findProgram: {
    code: 57,
    doc: "Look the program of the plan up without executing it: one that is missing fails before the container is parked.",
    syscall: 'stat',
    man: "execve(2)",
    sides: ["child"],
    phases: {"child":"late"},
    fields: [
    ],
  },
  park: {
    code: 58,
    doc: "Stop here until somebody says start: the caller, who brings the program to run, or whoever connects to a socket.",
    syscall: 'recvmsg',
    man: "recvmsg(2)",
    sides: ["child"],
    phases: {"child":"park"},
    fields: [
      { name: 'listen', kind: 'slot', optional: true },
    ],
  },
  capBounding: {
    code: 59,
    doc: "Drop every capability that is not listed from the bounding set.",
    syscall: 'prctl',
    man: "capabilities(7)",
    sides: ["child"],
    phases: {"child":"identity"},
    fields: [
      { name: 'keep', kind: 'u64' },
    ],
  },
  setgroups: {
    code: 60,
    doc: "Set the supplementary groups.",
    syscall: 'setgroups',
    man: "setgroups(2)",
    sides: ["child"],
    phases: {"child":"identity"},
    fields: [
      { name: 'gids', kind: 'u32s' },
    ],
  },
  setgid: {
    code: 61,
    doc: "Set the real, effective and saved group ID.",
    syscall: 'setresgid',
    man: "setresgid(2)",
    sides: ["child"],
    phases: {"child":"identity"},
    fields: [
      { name: 'gid', kind: 'u32' },
    ],
  },
  setuid: {
    code: 62,
    doc: "Set the real, effective and saved user ID; permitted capabilities are kept for the steps that follow.",
    syscall: 'setresuid',
    man: "setresuid(2)",
    sides: ["child"],
    phases: {"child":"identity"},
    fields: [
      { name: 'uid', kind: 'u32' },
    ],
  },
  umask: {
    code: 63,
    doc: "Set the file mode creation mask.",
    syscall: 'umask',
    man: "umask(2)",
    sides: ["child"],
    phases: {"child":"identity"},
    fields: [
      { name: 'mask', kind: 'u32' },
    ],
  },
  chdir: {
    code: 64,
    doc: "Change the working directory and check that it is inside the root.",
    syscall: 'chdir',
    man: "chdir(2)",
    sides: ["child","parent"],
    phases: {"child":"identity","parent":"before"},
    fields: [
      { name: 'path', kind: 'str' },
    ],
  },
  undumpable: {
    code: 65,
    doc: "Keep other processes of the container from tracing this one before it executes the program.",
    syscall: 'prctl',
    man: "PR_SET_DUMPABLE(2const)",
    sides: ["stage"],
    phases: {"stage":"join"},
    fields: [
    ],
  },
  closeFds: {
    code: 66,
    doc: "Put inherited descriptors at their numbers and close every other one from 3 up at execve.",
    syscall: 'close_range',
    man: "close_range(2)",
    sides: ["child"],
    phases: {"child":"lockdown"},
    fields: [
    ],
  },
  securebits: {
    code: 67,
    doc: "Set the securebits.",
    syscall: 'prctl',
    man: "capabilities(7)",
    sides: ["child"],
    phases: {"child":"lockdown"},
    fields: [
      { name: 'bits', kind: 'flags', names: {"noroot":1,"norootLocked":2,"noSetuidFixup":4,"noSetuidFixupLocked":8,"keepCaps":16,"keepCapsLocked":32,"noCapAmbientRaise":64,"noCapAmbientRaiseLocked":128} },
    ],
  },
  capSet: {
    code: 68,
    doc: "Set the effective, permitted, inheritable and ambient capability sets.",
    syscall: 'capset',
    man: "capset(2)",
    sides: ["child"],
    phases: {"child":"lockdown"},
    fields: [
      { name: 'effective', kind: 'u64' },
      { name: 'permitted', kind: 'u64' },
      { name: 'inheritable', kind: 'u64' },
      { name: 'ambient', kind: 'u64', optional: true },
    ],
  },
  noNewPrivs: {
    code: 69,
    doc: "Promise that execve grants no privilege.",
    syscall: 'prctl',
    man: "PR_SET_NO_NEW_PRIVS(2const)",
    sides: ["child"],
    phases: {"child":"lockdown"},
    fields: [
    ],
  },
  seccomp: {
    code: 70,
    doc: "Load a system call filter.",
    syscall: 'seccomp',
    man: "seccomp(2)",
    sides: ["child"],
    phases: {"child":"lockdown"},
    fields: [
      { name: 'filter', kind: 'bytes' },
      { name: 'flags', kind: 'flags', optional: true, names: {"tsync":1,"log":2,"specAllow":4,"newListener":8,"tsyncEsrch":16,"waitKillableRecv":32} },
      { name: 'listener', kind: 'str', optional: true },
    ],
  },
  initProcess: {
    code: 71,
    doc: "Stay as a reaping, signal-forwarding PID 1 and run the program as its child.",
    syscall: 'fork',
    man: "pid_namespaces(7)",
    sides: ["child"],
    phases: {"child":"exec"},
    fields: [
    ],
  },
}
