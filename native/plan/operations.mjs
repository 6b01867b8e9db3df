// The one table of operations. `npm run generate` makes from it the C decoder (init/operations.gen.{h,c}), the TypeScript
// step types (src/operations.gen.ts) and encoder (src/plan/fields.gen.ts), and docs/operations.md. An operation is one kernel action.
//
// sides   who may run it: `parent` (the supervisor, host namespaces), `stage` (a throw-away process that joins namespaces
//         before the clone), `child` (the container process before execve), `after` (the supervisor, once the container
//         has exited). The first one is the default.
// phase   where the linker puts it within its side; within a phase steps keep the order they were given in.
//         parent: before, clone, beside (needs the child's pid), after. child: reset, setup, root, late, park, identity,
//         lockdown, exec.
// inverse the operation the linker adds to the after section when this one is in the plan.
// target  every `in` + `path` pair is resolved by the kernel beneath the fd in slot `in` (openat2 RESOLVE_IN_ROOT); without
//         `in`, path is absolute in the process's own view.

import { bool, bytes, flags, i64, id, maybe, newSlot, oneOf, slot, str, strs, template, templates, u32, u32s, u64 } from './fields.mjs'
import * as k from './constants.mjs'

const inSlot = maybe(slot('Slot of the directory or mount beneath which `path` is resolved; absent: `path` is absolute.'))
const path = str('Path; beneath `in` where that is given.')
const create = maybe(oneOf(k.CREATE, 'What to create at the target when it is missing.'))

export const operations = {
  // --- parent: files and cgroups, before the clone ---------------------------------------------------------------------
  open: {
    doc: 'Open a file, directory or namespace into a slot.', syscall: 'openat2', man: 'openat2(2)',
    sides: ['parent', 'stage', 'child'], phase: { parent: 'before', stage: 'join', child: 'setup' },
    fields: { in: inSlot, path: template('Path; beneath `in` where that is given.'), flags: flags(k.OPEN_FLAGS, 'Open flags; O_CLOEXEC is always added.'),
      resolve: maybe(flags(k.RESOLVE, 'Extra resolve flags.')), mode: maybe(u32('Mode of a created file.')),
      fs: maybe(oneOf(k.FILESYSTEM_MAGIC, 'The opened file must be on this file system (ESTALE otherwise).')),
      slot: newSlot('Where the descriptor goes.') },
  },
  pidfdOpen: {
    doc: 'Open a pidfd for a process.', syscall: 'pidfd_open', man: 'pidfd_open(2)',
    sides: ['parent'], phase: { parent: 'before' },
    fields: { pid: u32('Process ID in the namespace of the caller.'), slot: newSlot('Where the pidfd goes.') },
  },
  cgroupCreate: {
    doc: 'Create a cgroup directory, open it, and lock it for as long as the supervisor lives.', syscall: 'mkdirat', man: 'cgroups(7)',
    sides: ['parent'], phase: { parent: 'before' }, inverse: 'cgroupRemove',
    fields: { path: str('Absolute path of the new cgroup; its parent must exist.'),
      exist: maybe(bool('A directory that is already there is used, and not removed afterwards.')),
      slot: newSlot('Where the directory descriptor goes.'),
      uid: maybe(id('User who may make groups beneath it: owner of the directory and of the files of /sys/kernel/cgroup/delegate.')),
      gid: maybe(id('Group likewise.')) },
  },
  cgroupRemove: {
    doc: 'Kill what is left in a cgroup and remove it with its children.', syscall: 'rmdir', man: 'cgroups(7)',
    sides: ['after'], phase: { after: 'undo' },
    fields: { path: str('Absolute path of the cgroup.'), made: maybe(slot('Slot that cgroupCreate filled: where it is empty, nothing was made and nothing is removed.')),
      timeoutMs: maybe(u32('How long to retry while the kernel says EBUSY; 0: 2000 ms.')) },
  },
  listen: {
    doc: 'Make a Unix stream socket that listens, reachable by its owner only.', syscall: 'bind', man: 'unix(7)',
    sides: ['parent'], phase: { parent: 'before' }, inverse: 'unlink',
    fields: { path: str('Absolute path, of any length; its directory must exist.'), slot: newSlot('Where the socket goes.') },
  },
  unlink: {
    doc: 'Remove a file. A missing one is no failure.', syscall: 'unlinkat', man: 'unlink(2)',
    sides: ['after'], phase: { after: 'undo' },
    fields: { path: str('Absolute path.'), made: maybe(slot('Slot that the making step filled: where it is empty, nothing is removed.')) },
  },
  deviceProgram: {
    doc: 'Load an eBPF device program and attach it to a cgroup v2.', syscall: 'bpf', man: 'bpf(2)',
    sides: ['parent'], phase: { parent: 'before' },
    fields: { slot: slot('Slot of the cgroup directory.'), program: bytes('eBPF instructions, 8 bytes each.'),
      replace: maybe(bool('Detach the device programs that were attached to the group before.')) },
  },
  writeFile: {
    doc: 'Write a value to an existing file, in one write, and optionally read it back.', syscall: 'write', man: 'write(2)',
    sides: ['parent', 'child', 'stage', 'after'], phase: { parent: 'before', child: 'setup', stage: 'join', after: 'receipt' },
    fields: { in: inSlot, path: template('Path; beneath `in` where that is given.'), data: bytes('What is written.'),
      append: maybe(bool('Open with O_APPEND.')), truncate: maybe(bool('Open with O_TRUNC.')),
      fs: maybe(oneOf(k.FILESYSTEM_MAGIC, 'The file must be on this file system (ESTALE otherwise).')),
      readback: maybe(str('What the file must hold afterwards, white space at the end aside (EBADE otherwise).')) },
  },
  readFile: {
    doc: 'Read a file into the receipt under a label; all of a receipt take up to 63 KiB.', syscall: 'read', man: 'read(2)',
    sides: ['after', 'parent'], phase: { after: 'receipt', parent: 'beside' },
    fields: { in: inSlot, path: template('Path; beneath `in` where that is given.'), label: str('Key of the receipt.') },
  },

  // --- parent: the clone and what needs the child's pid -----------------------------------------------------------------
  clone: {
    doc: 'Create the container process in new namespaces.', syscall: 'clone3', man: 'clone3(2)',
    sides: ['parent'], phase: { parent: 'clone' },
    fields: { namespaces: flags(k.NAMESPACES, 'New namespaces.'),
      cgroup: maybe(slot('Slot of a cgroup v2 directory to be born in.')) },
  },
  idMap: {
    doc: 'Write the uid or gid map of the new user namespace.', syscall: 'write', man: 'user_namespaces(7)',
    sides: ['parent'], phase: { parent: 'beside' },
    fields: { kind: oneOf({ uid: 0, gid: 1 }, 'Which map.'), map: str('Lines of "inside outside count".'),
      denySetgroups: maybe(bool('Write "deny" to setgroups first.')) },
  },
  idMapHelper: {
    doc: 'Have newuidmap or newgidmap write a map of the new user namespace.', syscall: 'execve', man: 'newuidmap(1)',
    sides: ['parent'], phase: { parent: 'beside' },
    fields: { program: str('Absolute path of newuidmap or newgidmap.'), ranges: strs('inside outside count, repeated.') },
  },
  prlimit: {
    doc: 'Set a resource limit of the container process from outside.', syscall: 'prlimit64', man: 'prlimit(2)',
    sides: ['parent', 'child'], phase: { parent: 'beside', child: 'identity' },
    fields: { resource: oneOf(k.RLIMITS, 'Which limit.'), soft: u64('Soft limit; 2^64-1: unlimited.'), hard: u64('Hard limit; 2^64-1: unlimited.') },
  },
  oomScoreAdj: {
    doc: 'Set how willingly the kernel kills the container process when memory runs out.', syscall: 'write', man: 'proc(5)',
    sides: ['parent'], phase: { parent: 'beside' },
    fields: { value: i64('-1000 to 1000.') },
  },
  moveInterface: {
    doc: 'Move a network interface into the container\'s network namespace.', syscall: 'sendmsg', man: 'rtnetlink(7)',
    sides: ['parent'], phase: { parent: 'beside' },
    fields: { name: str('Name of the interface on the host.'), rename: maybe(str('Its name inside; absent: the same.')) },
  },
  runProgram: {
    doc: 'Run a host program with a clean environment and wait for it.', syscall: 'execve', man: 'execve(2)',
    sides: ['parent', 'child', 'after'], phase: { parent: 'beside', child: 'setup', after: 'undo' },
    fields: { argv: strs('Program (absolute path) and arguments.'), env: maybe(strs('NAME=value lines.')),
      argv0: maybe(str('What the program finds as its name; absent: its path.')),
      input: maybe(bytes('What it reads on standard input.')),
      afterPid: maybe(bytes('Where given, the input goes on with the process ID of the container process, as this side sees it, and with this.')),
      timeoutMs: maybe(u32('Killed after this time; 0: never.')) },
  },
  callback: {
    doc: 'Ask JavaScript and wait for its answer.', syscall: 'recvmsg', man: 'recvmsg(2)',
    sides: ['parent'], phase: { parent: 'beside' },
    fields: { name: str('Name of the callback in the launch options.'), timeoutMs: maybe(u32('Fails with ETIMEDOUT after this time; 0: never.')) },
  },

  // --- stage: joining -----------------------------------------------------------------------------------------------------
  setns: {
    doc: 'Join namespaces of a process (pidfd) or one namespace (its file).', syscall: 'setns', man: 'setns(2)',
    sides: ['stage', 'child'], phase: { stage: 'join', child: 'setup' },
    fields: { slot: slot('Slot of the pidfd or namespace file.'), namespaces: flags(k.NAMESPACES, 'Which namespaces; equal ones are dropped first.') },
  },
  unshare: {
    doc: 'Leave shared namespaces behind.', syscall: 'unshare', man: 'unshare(2)',
    sides: ['child', 'stage', 'parent'], phase: { child: 'setup', stage: 'join', parent: 'beside' },
    fields: { namespaces: flags(k.NAMESPACES, 'Which namespaces to replace with new ones.') },
  },

  // --- synchronisation ---------------------------------------------------------------------------------------------------
  signal: {
    doc: 'Reach a barrier: let the other side pass it.', syscall: 'sendmsg', man: 'sendmsg(2)',
    sides: ['parent', 'child'], phase: { parent: 'beside', child: 'setup' },
    fields: { barrier: str('Name of the barrier.'), send: maybe(slot('A descriptor that crosses with it.')) },
  },
  wait: {
    doc: 'Wait until the other side has reached a barrier.', syscall: 'recvmsg', man: 'recvmsg(2)',
    sides: ['child', 'parent'], phase: { parent: 'beside', child: 'setup' },
    fields: { barrier: str('Name of the barrier.'), receive: maybe(newSlot('Where the descriptor that crosses with it goes.')) },
  },

  // --- child: reset ---------------------------------------------------------------------------------------------------------
  reset: {
    doc: 'Undo what Node leaves behind: signal handlers and mask, umask, nice, affinity, the soft limit on open files.',
    syscall: 'sigaction', man: 'signal(7)', sides: ['child'], phase: { child: 'reset' },
    fields: { umask: u32('File mode creation mask.'), nofileSoft: maybe(u64('Soft RLIMIT_NOFILE to go back to; 0: leave.')) },
  },
  becomeRoot: {
    doc: 'Become user and group 0 of a user namespace that was made or joined, keeping every capability; elsewhere nothing is done.', syscall: 'setresuid', man: 'user_namespaces(7)',
    sides: ['child'], phase: { child: 'reset' }, fields: {},
  },
  deathSignal: {
    doc: 'Have the kernel send a signal when the supervisor dies.', syscall: 'prctl', man: 'PR_SET_PDEATHSIG(2const)',
    sides: ['child'], phase: { child: 'reset' }, fields: { signal: u32('Signal number.') },
  },
  keyring: {
    doc: 'Join a new session keyring.', syscall: 'keyctl', man: 'keyctl(2)',
    sides: ['child'], phase: { child: 'reset' }, fields: { name: maybe(str('Name of the keyring; absent: anonymous.')) },
  },

  // --- child: mounts --------------------------------------------------------------------------------------------------------
  propagation: {
    doc: 'Change how mount events spread from a mount; of `/` in a chroot: from the root of the mount namespace.', syscall: 'mount', man: 'mount_namespaces(7)',
    sides: ['child', 'parent'], phase: { child: 'setup', parent: 'beside' },
    fields: { in: inSlot, path, propagation: oneOf(k.PROPAGATION, 'Propagation type.'), recursive: maybe(bool('Also every mount below.')) },
  },
  fsMount: {
    doc: 'Make a detached mount of a file system.', syscall: 'fsmount', man: 'fsopen(2)',
    sides: ['child', 'parent', 'stage'], phase: { child: 'setup', parent: 'before', stage: 'join' },
    fields: { fstype: str('File system type, as in /proc/filesystems.'), options: templates('key, value, key, value …; an empty value sets a flag.'),
      attributes: maybe(flags(k.MOUNT_ATTRIBUTES, 'Mount attributes.')),
      writable: maybe(bool('The mount must have come out writable (EROFS otherwise): an overlay may turn read-only without a word.')),
      slot: newSlot('Where the mount goes.') },
  },
  openTree: {
    doc: 'Clone a mount, detached.', syscall: 'open_tree', man: 'open_tree(2)',
    sides: ['child', 'parent', 'stage'], phase: { child: 'setup', parent: 'before', stage: 'join' },
    fields: { in: inSlot, path, recursive: maybe(bool('Also every mount below.')), slot: newSlot('Where the mount goes.') },
  },
  mountSetattr: {
    doc: 'Change attributes of a mount.', syscall: 'mount_setattr', man: 'mount_setattr(2)',
    sides: ['child', 'parent', 'stage'], phase: { child: 'setup', parent: 'before', stage: 'join' },
    fields: { in: slot('Slot of the mount.'), path: maybe(path), recursive: maybe(bool('Also every mount below.')),
      set: maybe(flags(k.MOUNT_ATTRIBUTES, 'Attributes to set.')), clear: maybe(flags(k.MOUNT_ATTRIBUTES, 'Attributes to clear.')),
      propagation: maybe(oneOf(k.PROPAGATION, 'Propagation type.')), userns: maybe(slot('Slot of the user namespace of an idmapped mount.')) },
  },
  moveMount: {
    doc: 'Attach a detached mount.', syscall: 'move_mount', man: 'move_mount(2)',
    sides: ['child', 'parent'], phase: { child: 'setup', parent: 'beside' },
    fields: { slot: slot('Slot of the detached mount.'), in: inSlot, path, create },
  },
  mount: {
    doc: 'Mount a file system beneath the new root.', syscall: 'mount', man: 'mount(2)',
    sides: ['child'], phase: { child: 'setup' },
    fields: { fstype: maybe(str('File system type.')), source: maybe(template('Source, as it shows in /proc/mounts.')), in: inSlot, path,
      flags: maybe(flags(k.MOUNT_FLAGS, 'Mount flags.')), data: maybe(template('Options of the file system.')), create },
  },
  bind: {
    doc: 'Show a file or directory of the host, or of a slot, at a path of the new root.', syscall: 'move_mount', man: 'open_tree(2)',
    sides: ['child'], phase: { child: 'setup' },
    fields: { source: maybe(str('Absolute path of the source, or path beneath `from`.')), from: maybe(slot('Slot of the source itself, or of the directory of `source`.')),
      in: inSlot, path, recursive: maybe(bool('Also every mount below.')),
      set: maybe(flags(k.MOUNT_ATTRIBUTES, 'Attributes to set.')), clear: maybe(flags(k.MOUNT_ATTRIBUTES, 'Attributes to clear.')),
      recursiveAttributes: maybe(bool('Change the attributes of every mount below, too.')),
      propagation: maybe(oneOf(k.PROPAGATION, 'Propagation type; absent: private.')),
      ifPresent: maybe(bool('A missing source is no failure.')), create },
  },
  mask: {
    doc: 'Hide a path: a file behind /dev/null, a directory behind an empty read-only tmpfs. A missing path is no failure.',
    syscall: 'mount', man: 'mount(2)', sides: ['child'], phase: { child: 'setup' }, fields: { in: inSlot, path },
  },
  readonly: {
    doc: 'Make a path read-only by binding it onto itself. A missing path is no failure.', syscall: 'mount_setattr', man: 'mount_setattr(2)',
    sides: ['child'], phase: { child: 'setup' }, fields: { in: inSlot, path, recursive: maybe(bool('Also every mount below.')) },
  },
  unmount: {
    doc: 'Unmount.', syscall: 'umount2', man: 'umount(2)', sides: ['child', 'after'], phase: { child: 'setup', after: 'undo' },
    fields: { in: inSlot, path, flags: maybe(flags(k.UNMOUNT_FLAGS, 'Flags.')) },
  },
  mkdir: {
    doc: 'Create a directory; its parents too. An existing one is left as it is.', syscall: 'mkdirat', man: 'mkdir(2)',
    sides: ['child', 'parent'], phase: { child: 'setup', parent: 'before' },
    fields: { in: inSlot, path, mode: u32('Mode, the umask aside.'), uid: maybe(id('Owner.')), gid: maybe(id('Group.')) },
  },
  symlink: {
    doc: 'Create a symbolic link. An existing entry is left as it is.', syscall: 'symlinkat', man: 'symlink(2)',
    sides: ['child'], phase: { child: 'setup' }, fields: { in: inSlot, path, target: str('What the link says.') },
  },
  mknod: {
    doc: 'Create a device node.', syscall: 'mknodat', man: 'mknod(2)', sides: ['child'], phase: { child: 'setup' },
    fields: { in: inSlot, path, type: oneOf({ char: 0o020000, block: 0o060000, fifo: 0o010000 }, 'Kind of node.'), mode: u32('Permission bits, the umask aside.'),
      major: maybe(u32('Major number.')), minor: maybe(u32('Minor number.')), uid: maybe(id('Owner.')), gid: maybe(id('Group.')) },
  },
  makeFile: {
    doc: 'Create a regular file with the given content; an existing one is replaced.', syscall: 'openat2', man: 'open(2)',
    sides: ['child'], phase: { child: 'setup' },
    fields: { in: inSlot, path, data: bytes('Content.'), mode: u32('Mode, the umask aside.'), uid: maybe(id('Owner.')), gid: maybe(id('Group.')) },
  },
  copyUp: {
    doc: 'Copy what a directory holds into another, owners, modes, times and extended attributes included.', syscall: 'openat2', man: 'copy_file_range(2)',
    sides: ['child'], phase: { child: 'setup' },
    fields: { from: slot('Slot of the directory that is read.'), in: inSlot, path },
  },
  makePty: {
    doc: 'Make a pseudo-terminal from the container\'s own devpts; the master goes to the caller.', syscall: 'ioctl', man: 'pty(7)',
    sides: ['child'], phase: { child: 'setup' },
    fields: { in: inSlot, path: str('Path of ptmx.'), rows: maybe(u32('Rows; 0: unset.')), columns: maybe(u32('Columns; 0: unset.')),
      uid: maybe(id('Owner of the terminal.')), console: maybe(str('Path, beneath `in`, at which the terminal is bound, too (/dev/console).')),
      slot: newSlot('Where the terminal end goes.') },
  },
  hostname: {
    doc: 'Set the host name.', syscall: 'sethostname', man: 'sethostname(2)', sides: ['child'], phase: { child: 'setup' },
    fields: { name: str('Host name, up to 64 bytes.') },
  },
  domainname: {
    doc: 'Set the NIS domain name.', syscall: 'setdomainname', man: 'setdomainname(2)', sides: ['child'], phase: { child: 'setup' },
    fields: { name: str('Domain name, up to 64 bytes.') },
  },
  interfaceUp: {
    doc: 'Bring a network interface up.', syscall: 'ioctl', man: 'netdevice(7)', sides: ['child'], phase: { child: 'setup' },
    fields: { name: str('Interface, up to 15 bytes.') },
  },
  pivotRoot: {
    doc: 'Make a mount the root and let go of the old one.', syscall: 'pivot_root', man: 'pivot_root(2)',
    sides: ['child'], phase: { child: 'root' }, fields: { slot: slot('Slot of the attached new root.') },
  },
  moveRoot: {
    doc: 'Make a mount the root by moving it over / (for a ramfs root, which cannot pivot).', syscall: 'mount', man: 'mount(2)',
    sides: ['child'], phase: { child: 'root' }, fields: { slot: slot('Slot of the attached new root.') },
  },
  chroot: {
    doc: 'Change the root directory. A process with CAP_SYS_CHROOT can leave it again.', syscall: 'chroot', man: 'chroot(2)',
    sides: ['child'], phase: { child: 'root' }, fields: { in: inSlot, path },
  },

  // --- child: late (after the root is in place) ----------------------------------------------------------------------------
  setsid: {
    doc: 'Start a new session.', syscall: 'setsid', man: 'setsid(2)', sides: ['child'], phase: { child: 'late' }, fields: {},
  },
  controllingTerminal: {
    doc: 'Make a terminal the controlling one and standard input, output and error.', syscall: 'ioctl', man: 'ioctl_tty(2)',
    sides: ['child'], phase: { child: 'late' }, fields: { slot: slot('Slot of the terminal.') },
  },
  inheritFd: {
    doc: 'Give the program a descriptor under a number.', syscall: 'dup3', man: 'dup(2)', sides: ['child'], phase: { child: 'lockdown' },
    fields: { slot: slot('Slot of the descriptor.'), number: u32('Number in the program; 0 and above.') },
  },
  priority: {
    doc: 'Set the nice value.', syscall: 'setpriority', man: 'setpriority(2)', sides: ['child'], phase: { child: 'late' },
    fields: { nice: i64('-20 (most favourable) to 19.') },
  },
  ioPriority: {
    doc: 'Set the I/O priority.', syscall: 'ioprio_set', man: 'ioprio_set(2)', sides: ['child'], phase: { child: 'late' },
    fields: { class: oneOf({ realtime: 1, bestEffort: 2, idle: 3 }, 'Scheduling class.'), level: u32('0 (highest) to 7.') },
  },
  scheduler: {
    doc: 'Set the CPU scheduling policy.', syscall: 'sched_setattr', man: 'sched_setattr(2)', sides: ['child'], phase: { child: 'late' },
    fields: { policy: oneOf({ other: 0, fifo: 1, rr: 2, batch: 3, idle: 5, deadline: 6 }, 'Policy.'), flags: maybe(u64('SCHED_FLAG_ bits.')), nice: maybe(i64('Nice value.')),
      priority: maybe(u32('Real-time priority.')), runtime: maybe(u64('ns.')), deadline: maybe(u64('ns.')), period: maybe(u64('ns.')) },
  },
  affinity: {
    doc: 'Set on which processors the program may run.', syscall: 'sched_setaffinity', man: 'sched_setaffinity(2)', sides: ['child'], phase: { child: 'late' },
    fields: { cpus: u32s('Processor numbers.') },
  },
  memoryPolicy: {
    doc: 'Set from which memory nodes the program gets its memory.', syscall: 'set_mempolicy', man: 'set_mempolicy(2)', sides: ['child'], phase: { child: 'late' },
    fields: { mode: oneOf({ default: 0, preferred: 1, bind: 2, interleave: 3, local: 4, preferredMany: 5, weightedInterleave: 6 }, 'Policy.'),
      flags: maybe(flags({ numaBalancing: 1 << 13, relativeNodes: 1 << 14, staticNodes: 1 << 15 }, 'Mode flags.')),
      nodes: maybe(u32s('Node numbers.')) },
  },
  personality: {
    doc: 'Set the execution domain.', syscall: 'personality', man: 'personality(2)', sides: ['child'], phase: { child: 'late' },
    fields: { persona: u64('Persona and flags.') },
  },
  findProgram: {
    doc: 'Look the program of the plan up without executing it: one that is missing fails before the container is parked.', syscall: 'stat', man: 'execve(2)',
    sides: ['child'], phase: { child: 'late' }, fields: {},
  },
  park: {
    doc: 'Stop here until somebody says start: the caller, who brings the program to run, or whoever connects to a socket.', syscall: 'recvmsg', man: 'recvmsg(2)',
    sides: ['child'], phase: { child: 'park' },
    fields: { listen: maybe(slot('Slot of a listening socket; the program is then the one of the plan, and the supervisor leaves.')) },
  },

  // --- child: identity -------------------------------------------------------------------------------------------------------
  capBounding: {
    doc: 'Drop every capability that is not listed from the bounding set.', syscall: 'prctl', man: 'capabilities(7)',
    sides: ['child'], phase: { child: 'identity' }, fields: { keep: u64('Mask of the capabilities that stay.') },
  },
  setgroups: {
    doc: 'Set the supplementary groups.', syscall: 'setgroups', man: 'setgroups(2)', sides: ['child'], phase: { child: 'identity' },
    fields: { gids: u32s('Group IDs; may be empty.') },
  },
  setgid: {
    doc: 'Set the real, effective and saved group ID.', syscall: 'setresgid', man: 'setresgid(2)', sides: ['child'], phase: { child: 'identity' },
    fields: { gid: u32('Group ID, 0 to 2^31-1.') },
  },
  setuid: {
    doc: 'Set the real, effective and saved user ID; permitted capabilities are kept for the steps that follow.', syscall: 'setresuid', man: 'setresuid(2)',
    sides: ['child'], phase: { child: 'identity' }, fields: { uid: u32('User ID, 0 to 2^31-1.') },
  },
  umask: {
    doc: 'Set the file mode creation mask.', syscall: 'umask', man: 'umask(2)', sides: ['child'], phase: { child: 'identity' },
    fields: { mask: u32('0 to 0o777.') },
  },
  chdir: {
    doc: 'Change the working directory and check that it is inside the root.', syscall: 'chdir', man: 'chdir(2)',
    sides: ['child', 'parent'], phase: { child: 'identity', parent: 'before' }, fields: { path: str('Absolute path.') },
  },

  undumpable: {
    doc: 'Keep other processes of the container from tracing this one before it executes the program.', syscall: 'prctl', man: 'PR_SET_DUMPABLE(2const)',
    sides: ['stage'], phase: { stage: 'join' }, fields: {},
  },

  // --- child: lockdown -------------------------------------------------------------------------------------------------------
  closeFds: {
    doc: 'Put inherited descriptors at their numbers and close every other one from 3 up at execve.', syscall: 'close_range', man: 'close_range(2)',
    sides: ['child'], phase: { child: 'lockdown' }, fields: {},
  },
  securebits: {
    doc: 'Set the securebits.', syscall: 'prctl', man: 'capabilities(7)', sides: ['child'], phase: { child: 'lockdown' },
    fields: { bits: flags(k.SECUREBITS, 'Bits.') },
  },
  capSet: {
    doc: 'Set the effective, permitted, inheritable and ambient capability sets.', syscall: 'capset', man: 'capset(2)',
    sides: ['child'], phase: { child: 'lockdown' },
    fields: { effective: u64('Mask.'), permitted: u64('Mask.'), inheritable: u64('Mask.'), ambient: maybe(u64('Mask.')) },
  },
  noNewPrivs: {
    doc: 'Promise that execve grants no privilege.', syscall: 'prctl', man: 'PR_SET_NO_NEW_PRIVS(2const)', sides: ['child'], phase: { child: 'lockdown' }, fields: {},
  },
  seccomp: {
    doc: 'Load a system call filter.', syscall: 'seccomp', man: 'seccomp(2)', sides: ['child'], phase: { child: 'lockdown' },
    fields: { filter: bytes('Classic BPF instructions, 8 bytes each.'), flags: maybe(flags(k.SECCOMP_FLAGS, 'Flags.')),
      listener: maybe(str('Where newListener is set: label under which the caller receives the listener.')) },
  },

  initProcess: {
    doc: 'Stay as a reaping, signal-forwarding PID 1 and run the program as its child.', syscall: 'fork', man: 'pid_namespaces(7)',
    sides: ['child'], phase: { child: 'exec' }, fields: {},
  },
}
