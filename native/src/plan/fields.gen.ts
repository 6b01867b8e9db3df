// Generated from plan/operations.mjs by scripts/generate.mjs. Do not edit.

import type { OperationName, Step } from '../operations.gen.js'
import type { RecordWriter } from './record-writer.js'

const open_flags: ReadonlyMap<unknown, number> = new Map(Object.entries({"readOnly":0,"writeOnly":1,"readWrite":2,"create":64,"exclusive":128,"noctty":256,"truncate":512,"append":1024,"nonblock":2048,"directory":65536,"nofollow":131072,"path":2097152}))
const open_resolve: ReadonlyMap<unknown, number> = new Map(Object.entries({"noXdev":1,"noMagicLinks":2,"noSymlinks":4,"beneath":8,"inRoot":16}))
const open_fs: ReadonlyMap<unknown, number> = new Map(Object.entries({"proc":40864,"sysfs":1650812274,"cgroup":2613483,"cgroup2":1667723888,"nsfs":1853056627,"tmpfs":16914836,"devpts":7377}))
const writeFile_fs: ReadonlyMap<unknown, number> = new Map(Object.entries({"proc":40864,"sysfs":1650812274,"cgroup":2613483,"cgroup2":1667723888,"nsfs":1853056627,"tmpfs":16914836,"devpts":7377}))
const clone_namespaces: ReadonlyMap<unknown, number> = new Map(Object.entries({"mnt":131072,"cgroup":33554432,"uts":67108864,"ipc":134217728,"user":268435456,"pid":536870912,"net":1073741824,"time":128}))
const idMap_kind: ReadonlyMap<unknown, number> = new Map(Object.entries({"uid":0,"gid":1}))
const prlimit_resource: ReadonlyMap<unknown, number> = new Map(Object.entries({"cpu":0,"fsize":1,"data":2,"stack":3,"core":4,"rss":5,"nproc":6,"nofile":7,"memlock":8,"as":9,"locks":10,"sigpending":11,"msgqueue":12,"nice":13,"rtprio":14,"rttime":15}))
const setns_namespaces: ReadonlyMap<unknown, number> = new Map(Object.entries({"mnt":131072,"cgroup":33554432,"uts":67108864,"ipc":134217728,"user":268435456,"pid":536870912,"net":1073741824,"time":128}))
const unshare_namespaces: ReadonlyMap<unknown, number> = new Map(Object.entries({"mnt":131072,"cgroup":33554432,"uts":67108864,"ipc":134217728,"user":268435456,"pid":536870912,"net":1073741824,"time":128}))
const propagation_propagation: ReadonlyMap<unknown, number> = new Map(Object.entries({"unbindable":131072,"private":262144,"slave":524288,"shared":1048576}))
const fsMount_attributes: ReadonlyMap<unknown, number> = new Map(Object.entries({"ro":1,"nosuid":2,"nodev":4,"noexec":8,"atimeMask":112,"noatime":16,"strictatime":32,"nodiratime":128,"idmap":1048576,"nosymfollow":2097152}))
const mountSetattr_set: ReadonlyMap<unknown, number> = new Map(Object.entries({"ro":1,"nosuid":2,"nodev":4,"noexec":8,"atimeMask":112,"noatime":16,"strictatime":32,"nodiratime":128,"idmap":1048576,"nosymfollow":2097152}))
const mountSetattr_clear: ReadonlyMap<unknown, number> = new Map(Object.entries({"ro":1,"nosuid":2,"nodev":4,"noexec":8,"atimeMask":112,"noatime":16,"strictatime":32,"nodiratime":128,"idmap":1048576,"nosymfollow":2097152}))
const mountSetattr_propagation: ReadonlyMap<unknown, number> = new Map(Object.entries({"unbindable":131072,"private":262144,"slave":524288,"shared":1048576}))
const moveMount_create: ReadonlyMap<unknown, number> = new Map(Object.entries({"none":0,"directory":1,"file":2,"sameAsSource":3}))
const mount_flags: ReadonlyMap<unknown, number> = new Map(Object.entries({"ro":1,"nosuid":2,"nodev":4,"noexec":8,"sync":16,"remount":32,"mand":64,"dirsync":128,"nosymfollow":256,"noatime":1024,"nodiratime":2048,"bind":4096,"move":8192,"rec":16384,"silent":32768,"relatime":2097152,"strictatime":16777216,"lazytime":33554432}))
const mount_create: ReadonlyMap<unknown, number> = new Map(Object.entries({"none":0,"directory":1,"file":2,"sameAsSource":3}))
const bind_set: ReadonlyMap<unknown, number> = new Map(Object.entries({"ro":1,"nosuid":2,"nodev":4,"noexec":8,"atimeMask":112,"noatime":16,"strictatime":32,"nodiratime":128,"idmap":1048576,"nosymfollow":2097152}))
const bind_clear: ReadonlyMap<unknown, number> = new Map(Object.entries({"ro":1,"nosuid":2,"nodev":4,"noexec":8,"atimeMask":112,"noatime":16,"strictatime":32,"nodiratime":128,"idmap":1048576,"nosymfollow":2097152}))
const bind_propagation: ReadonlyMap<unknown, number> = new Map(Object.entries({"unbindable":131072,"private":262144,"slave":524288,"shared":1048576}))
const bind_create: ReadonlyMap<unknown, number> = new Map(Object.entries({"none":0,"directory":1,"file":2,"sameAsSource":3}))
const unmount_flags: ReadonlyMap<unknown, number> = new Map(Object.entries({"force":1,"detach":2,"expire":4,"nofollow":8}))
const mknod_type: ReadonlyMap<unknown, number> = new Map(Object.entries({"char":8192,"block":24576,"fifo":4096}))
const ioPriority_class: ReadonlyMap<unknown, number> = new Map(Object.entries({"realtime":1,"bestEffort":2,"idle":3}))
const scheduler_policy: ReadonlyMap<unknown, number> = new Map(Object.entries({"other":0,"fifo":1,"rr":2,"batch":3,"idle":5,"deadline":6}))
const memoryPolicy_mode: ReadonlyMap<unknown, number> = new Map(Object.entries({"default":0,"preferred":1,"bind":2,"interleave":3,"local":4,"preferredMany":5,"weightedInterleave":6}))
const memoryPolicy_flags: ReadonlyMap<unknown, number> = new Map(Object.entries({"numaBalancing":8192,"relativeNodes":16384,"staticNodes":32768}))
const securebits_bits: ReadonlyMap<unknown, number> = new Map(Object.entries({"noroot":1,"norootLocked":2,"noSetuidFixup":4,"noSetuidFixupLocked":8,"keepCaps":16,"keepCapsLocked":32,"noCapAmbientRaise":64,"noCapAmbientRaiseLocked":128}))
const seccomp_flags: ReadonlyMap<unknown, number> = new Map(Object.entries({"tsync":1,"log":2,"specAllow":4,"newListener":8,"tsyncEsrch":16,"waitKillableRecv":32}))

/** Code of each operation and the words its record takes. @internal */
export const RECORDS: ReadonlyMap<string, { code: number; words: number }> = new Map([
  ['open', { code: 1, words: 16 }],
  ['pidfdOpen', { code: 2, words: 8 }],
  ['cgroupCreate', { code: 3, words: 12 }],
  ['cgroupRemove', { code: 4, words: 10 }],
  ['listen', { code: 5, words: 9 }],
  ['unlink', { code: 6, words: 9 }],
  ['deviceProgram', { code: 7, words: 10 }],
  ['writeFile', { code: 8, words: 16 }],
  ['readFile', { code: 9, words: 11 }],
  ['clone', { code: 10, words: 9 }],
  ['idMap', { code: 11, words: 10 }],
  ['idMapHelper', { code: 12, words: 10 }],
  ['prlimit', { code: 13, words: 11 }],
  ['oomScoreAdj', { code: 14, words: 8 }],
  ['moveInterface', { code: 15, words: 10 }],
  ['runProgram', { code: 16, words: 17 }],
  ['callback', { code: 17, words: 9 }],
  ['setns', { code: 18, words: 9 }],
  ['unshare', { code: 19, words: 8 }],
  ['signal', { code: 20, words: 9 }],
  ['wait', { code: 21, words: 9 }],
  ['reset', { code: 22, words: 9 }],
  ['becomeRoot', { code: 23, words: 6 }],
  ['deathSignal', { code: 24, words: 7 }],
  ['keyring', { code: 25, words: 8 }],
  ['propagation', { code: 26, words: 11 }],
  ['fsMount', { code: 27, words: 14 }],
  ['openTree', { code: 28, words: 11 }],
  ['mountSetattr', { code: 29, words: 16 }],
  ['moveMount', { code: 30, words: 11 }],
  ['mount', { code: 31, words: 18 }],
  ['bind', { code: 32, words: 21 }],
  ['mask', { code: 33, words: 9 }],
  ['readonly', { code: 34, words: 10 }],
  ['unmount', { code: 35, words: 11 }],
  ['mkdir', { code: 36, words: 12 }],
  ['symlink', { code: 37, words: 11 }],
  ['mknod', { code: 38, words: 15 }],
  ['makeFile', { code: 39, words: 14 }],
  ['copyUp', { code: 40, words: 10 }],
  ['makePty', { code: 41, words: 15 }],
  ['hostname', { code: 42, words: 8 }],
  ['domainname', { code: 43, words: 8 }],
  ['interfaceUp', { code: 44, words: 8 }],
  ['pivotRoot', { code: 45, words: 7 }],
  ['moveRoot', { code: 46, words: 7 }],
  ['chroot', { code: 47, words: 9 }],
  ['setsid', { code: 48, words: 6 }],
  ['controllingTerminal', { code: 49, words: 7 }],
  ['inheritFd', { code: 50, words: 8 }],
  ['priority', { code: 51, words: 8 }],
  ['ioPriority', { code: 52, words: 8 }],
  ['scheduler', { code: 53, words: 18 }],
  ['affinity', { code: 54, words: 8 }],
  ['memoryPolicy', { code: 55, words: 11 }],
  ['personality', { code: 56, words: 8 }],
  ['findProgram', { code: 57, words: 6 }],
  ['park', { code: 58, words: 7 }],
  ['capBounding', { code: 59, words: 8 }],
  ['setgroups', { code: 60, words: 8 }],
  ['setgid', { code: 61, words: 7 }],
  ['setuid', { code: 62, words: 7 }],
  ['umask', { code: 63, words: 7 }],
  ['chdir', { code: 64, words: 8 }],
  ['undumpable', { code: 65, words: 6 }],
  ['closeFds', { code: 66, words: 6 }],
  ['securebits', { code: 67, words: 8 }],
  ['capSet', { code: 68, words: 14 }],
  ['noNewPrivs', { code: 69, words: 6 }],
  ['seccomp', { code: 70, words: 12 }],
  ['initProcess', { code: 71, words: 6 }],
])

/** Write the fields of a step. @internal */
export function writeFields(to: RecordWriter, step: Step): void {
  switch (step.op) {
    case 'open':
      to.slot(step.in, 'open', 'in', true)
      to.template(step.path, 'open', 'path', false)
      to.flags(step.flags, 'open', 'flags', false, open_flags)
      to.flags(step.resolve, 'open', 'resolve', true, open_resolve)
      to.u32(step.mode, 'open', 'mode', true)
      to.enum(step.fs, 'open', 'fs', true, open_fs)
      to.slot(step.slot, 'open', 'slot', false)
      return
    case 'pidfdOpen':
      to.u32(step.pid, 'pidfdOpen', 'pid', false)
      to.slot(step.slot, 'pidfdOpen', 'slot', false)
      return
    case 'cgroupCreate':
      to.str(step.path, 'cgroupCreate', 'path', false)
      to.bool(step.exist, 'cgroupCreate', 'exist', true)
      to.slot(step.slot, 'cgroupCreate', 'slot', false)
      to.id(step.uid, 'cgroupCreate', 'uid', true)
      to.id(step.gid, 'cgroupCreate', 'gid', true)
      return
    case 'cgroupRemove':
      to.str(step.path, 'cgroupRemove', 'path', false)
      to.slot(step.made, 'cgroupRemove', 'made', true)
      to.u32(step.timeoutMs, 'cgroupRemove', 'timeoutMs', true)
      return
    case 'listen':
      to.str(step.path, 'listen', 'path', false)
      to.slot(step.slot, 'listen', 'slot', false)
      return
    case 'unlink':
      to.str(step.path, 'unlink', 'path', false)
      to.slot(step.made, 'unlink', 'made', true)
      return
    case 'deviceProgram':
      to.slot(step.slot, 'deviceProgram', 'slot', false)
      to.bytesOf(step.program, 'deviceProgram', 'program', false)
      to.bool(step.replace, 'deviceProgram', 'replace', true)
      return
    case 'writeFile':
      to.slot(step.in, 'writeFile', 'in', true)
      to.template(step.path, 'writeFile', 'path', false)
      to.bytesOf(step.data, 'writeFile', 'data', false)
      to.bool(step.append, 'writeFile', 'append', true)
      to.bool(step.truncate, 'writeFile', 'truncate', true)
      to.enum(step.fs, 'writeFile', 'fs', true, writeFile_fs)
      to.str(step.readback, 'writeFile', 'readback', true)
      return
    case 'readFile':
      to.slot(step.in, 'readFile', 'in', true)
      to.template(step.path, 'readFile', 'path', false)
      to.str(step.label, 'readFile', 'label', false)
      return
    case 'clone':
      to.flags(step.namespaces, 'clone', 'namespaces', false, clone_namespaces)
      to.slot(step.cgroup, 'clone', 'cgroup', true)
      return
    case 'idMap':
      to.enum(step.kind, 'idMap', 'kind', false, idMap_kind)
      to.str(step.map, 'idMap', 'map', false)
      to.bool(step.denySetgroups, 'idMap', 'denySetgroups', true)
      return
    case 'idMapHelper':
      to.str(step.program, 'idMapHelper', 'program', false)
      to.strs(step.ranges, 'idMapHelper', 'ranges', false)
      return
    case 'prlimit':
      to.enum(step.resource, 'prlimit', 'resource', false, prlimit_resource)
      to.u64(step.soft, 'prlimit', 'soft', false)
      to.u64(step.hard, 'prlimit', 'hard', false)
      return
    case 'oomScoreAdj':
      to.i64(step.value, 'oomScoreAdj', 'value', false)
      return
    case 'moveInterface':
      to.str(step.name, 'moveInterface', 'name', false)
      to.str(step.rename, 'moveInterface', 'rename', true)
      return
    case 'runProgram':
      to.strs(step.argv, 'runProgram', 'argv', false)
      to.strs(step.env, 'runProgram', 'env', true)
      to.str(step.argv0, 'runProgram', 'argv0', true)
      to.bytesOf(step.input, 'runProgram', 'input', true)
      to.bytesOf(step.afterPid, 'runProgram', 'afterPid', true)
      to.u32(step.timeoutMs, 'runProgram', 'timeoutMs', true)
      return
    case 'callback':
      to.str(step.name, 'callback', 'name', false)
      to.u32(step.timeoutMs, 'callback', 'timeoutMs', true)
      return
    case 'setns':
      to.slot(step.slot, 'setns', 'slot', false)
      to.flags(step.namespaces, 'setns', 'namespaces', false, setns_namespaces)
      return
    case 'unshare':
      to.flags(step.namespaces, 'unshare', 'namespaces', false, unshare_namespaces)
      return
    case 'signal':
      to.str(step.barrier, 'signal', 'barrier', false)
      to.slot(step.send, 'signal', 'send', true)
      return
    case 'wait':
      to.str(step.barrier, 'wait', 'barrier', false)
      to.slot(step.receive, 'wait', 'receive', true)
      return
    case 'reset':
      to.u32(step.umask, 'reset', 'umask', false)
      to.u64(step.nofileSoft, 'reset', 'nofileSoft', true)
      return
    case 'deathSignal':
      to.u32(step.signal, 'deathSignal', 'signal', false)
      return
    case 'keyring':
      to.str(step.name, 'keyring', 'name', true)
      return
    case 'propagation':
      to.slot(step.in, 'propagation', 'in', true)
      to.str(step.path, 'propagation', 'path', false)
      to.enum(step.propagation, 'propagation', 'propagation', false, propagation_propagation)
      to.bool(step.recursive, 'propagation', 'recursive', true)
      return
    case 'fsMount':
      to.str(step.fstype, 'fsMount', 'fstype', false)
      to.templates(step.options, 'fsMount', 'options', false)
      to.flags(step.attributes, 'fsMount', 'attributes', true, fsMount_attributes)
      to.bool(step.writable, 'fsMount', 'writable', true)
      to.slot(step.slot, 'fsMount', 'slot', false)
      return
    case 'openTree':
      to.slot(step.in, 'openTree', 'in', true)
      to.str(step.path, 'openTree', 'path', false)
      to.bool(step.recursive, 'openTree', 'recursive', true)
      to.slot(step.slot, 'openTree', 'slot', false)
      return
    case 'mountSetattr':
      to.slot(step.in, 'mountSetattr', 'in', false)
      to.str(step.path, 'mountSetattr', 'path', true)
      to.bool(step.recursive, 'mountSetattr', 'recursive', true)
      to.flags(step.set, 'mountSetattr', 'set', true, mountSetattr_set)
      to.flags(step.clear, 'mountSetattr', 'clear', true, mountSetattr_clear)
      to.enum(step.propagation, 'mountSetattr', 'propagation', true, mountSetattr_propagation)
      to.slot(step.userns, 'mountSetattr', 'userns', true)
      return
    case 'moveMount':
      to.slot(step.slot, 'moveMount', 'slot', false)
      to.slot(step.in, 'moveMount', 'in', true)
      to.str(step.path, 'moveMount', 'path', false)
      to.enum(step.create, 'moveMount', 'create', true, moveMount_create)
      return
    case 'mount':
      to.str(step.fstype, 'mount', 'fstype', true)
      to.template(step.source, 'mount', 'source', true)
      to.slot(step.in, 'mount', 'in', true)
      to.str(step.path, 'mount', 'path', false)
      to.flags(step.flags, 'mount', 'flags', true, mount_flags)
      to.template(step.data, 'mount', 'data', true)
      to.enum(step.create, 'mount', 'create', true, mount_create)
      return
    case 'bind':
      to.str(step.source, 'bind', 'source', true)
      to.slot(step.from, 'bind', 'from', true)
      to.slot(step.in, 'bind', 'in', true)
      to.str(step.path, 'bind', 'path', false)
      to.bool(step.recursive, 'bind', 'recursive', true)
      to.flags(step.set, 'bind', 'set', true, bind_set)
      to.flags(step.clear, 'bind', 'clear', true, bind_clear)
      to.bool(step.recursiveAttributes, 'bind', 'recursiveAttributes', true)
      to.enum(step.propagation, 'bind', 'propagation', true, bind_propagation)
      to.bool(step.ifPresent, 'bind', 'ifPresent', true)
      to.enum(step.create, 'bind', 'create', true, bind_create)
      return
    case 'mask':
      to.slot(step.in, 'mask', 'in', true)
      to.str(step.path, 'mask', 'path', false)
      return
    case 'readonly':
      to.slot(step.in, 'readonly', 'in', true)
      to.str(step.path, 'readonly', 'path', false)
      to.bool(step.recursive, 'readonly', 'recursive', true)
      return
    case 'unmount':
      to.slot(step.in, 'unmount', 'in', true)
      to.str(step.path, 'unmount', 'path', false)
      to.flags(step.flags, 'unmount', 'flags', true, unmount_flags)
      return
    case 'mkdir':
      to.slot(step.in, 'mkdir', 'in', true)
      to.str(step.path, 'mkdir', 'path', false)
      to.u32(step.mode, 'mkdir', 'mode', false)
      to.id(step.uid, 'mkdir', 'uid', true)
      to.id(step.gid, 'mkdir', 'gid', true)
      return
    case 'symlink':
      to.slot(step.in, 'symlink', 'in', true)
      to.str(step.path, 'symlink', 'path', false)
      to.str(step.target, 'symlink', 'target', false)
      return
    case 'mknod':
      to.slot(step.in, 'mknod', 'in', true)
      to.str(step.path, 'mknod', 'path', false)
      to.enum(step.type, 'mknod', 'type', false, mknod_type)
      to.u32(step.mode, 'mknod', 'mode', false)
      to.u32(step.major, 'mknod', 'major', true)
      to.u32(step.minor, 'mknod', 'minor', true)
      to.id(step.uid, 'mknod', 'uid', true)
      to.id(step.gid, 'mknod', 'gid', true)
      return
    case 'makeFile':
      to.slot(step.in, 'makeFile', 'in', true)
      to.str(step.path, 'makeFile', 'path', false)
      to.bytesOf(step.data, 'makeFile', 'data', false)
      to.u32(step.mode, 'makeFile', 'mode', false)
      to.id(step.uid, 'makeFile', 'uid', true)
      to.id(step.gid, 'makeFile', 'gid', true)
      return
    case 'copyUp':
      to.slot(step.from, 'copyUp', 'from', false)
      to.slot(step.in, 'copyUp', 'in', true)
      to.str(step.path, 'copyUp', 'path', false)
      return
    case 'makePty':
      to.slot(step.in, 'makePty', 'in', true)
      to.str(step.path, 'makePty', 'path', false)
      to.u32(step.rows, 'makePty', 'rows', true)
      to.u32(step.columns, 'makePty', 'columns', true)
      to.id(step.uid, 'makePty', 'uid', true)
      to.str(step.console, 'makePty', 'console', true)
      to.slot(step.slot, 'makePty', 'slot', false)
      return
    case 'hostname':
      to.str(step.name, 'hostname', 'name', false)
      return
    case 'domainname':
      to.str(step.name, 'domainname', 'name', false)
      return
    case 'interfaceUp':
      to.str(step.name, 'interfaceUp', 'name', false)
      return
    case 'pivotRoot':
      to.slot(step.slot, 'pivotRoot', 'slot', false)
      return
    case 'moveRoot':
      to.slot(step.slot, 'moveRoot', 'slot', false)
      return
    case 'chroot':
      to.slot(step.in, 'chroot', 'in', true)
      to.str(step.path, 'chroot', 'path', false)
      return
    case 'controllingTerminal':
      to.slot(step.slot, 'controllingTerminal', 'slot', false)
      return
    case 'inheritFd':
      to.slot(step.slot, 'inheritFd', 'slot', false)
      to.u32(step.number, 'inheritFd', 'number', false)
      return
    case 'priority':
      to.i64(step.nice, 'priority', 'nice', false)
      return
    case 'ioPriority':
      to.enum(step.class, 'ioPriority', 'class', false, ioPriority_class)
      to.u32(step.level, 'ioPriority', 'level', false)
      return
    case 'scheduler':
      to.enum(step.policy, 'scheduler', 'policy', false, scheduler_policy)
      to.u64(step.flags, 'scheduler', 'flags', true)
      to.i64(step.nice, 'scheduler', 'nice', true)
      to.u32(step.priority, 'scheduler', 'priority', true)
      to.u64(step.runtime, 'scheduler', 'runtime', true)
      to.u64(step.deadline, 'scheduler', 'deadline', true)
      to.u64(step.period, 'scheduler', 'period', true)
      return
    case 'affinity':
      to.u32s(step.cpus, 'affinity', 'cpus', false)
      return
    case 'memoryPolicy':
      to.enum(step.mode, 'memoryPolicy', 'mode', false, memoryPolicy_mode)
      to.flags(step.flags, 'memoryPolicy', 'flags', true, memoryPolicy_flags)
      to.u32s(step.nodes, 'memoryPolicy', 'nodes', true)
      return
    case 'personality':
      to.u64(step.persona, 'personality', 'persona', false)
      return
    case 'park':
      to.slot(step.listen, 'park', 'listen', true)
      return
    case 'capBounding':
      to.u64(step.keep, 'capBounding', 'keep', false)
      return
    case 'setgroups':
      to.u32s(step.gids, 'setgroups', 'gids', false)
      return
    case 'setgid':
      to.u32(step.gid, 'setgid', 'gid', false)
      return
    case 'setuid':
      to.u32(step.uid, 'setuid', 'uid', false)
      return
    case 'umask':
      to.u32(step.mask, 'umask', 'mask', false)
      return
    case 'chdir':
      to.str(step.path, 'chdir', 'path', false)
      return
    case 'securebits':
      to.flags(step.bits, 'securebits', 'bits', false, securebits_bits)
      return
    case 'capSet':
      to.u64(step.effective, 'capSet', 'effective', false)
      to.u64(step.permitted, 'capSet', 'permitted', false)
      to.u64(step.inheritable, 'capSet', 'inheritable', false)
      to.u64(step.ambient, 'capSet', 'ambient', true)
      return
    case 'seccomp':
      to.bytesOf(step.filter, 'seccomp', 'filter', false)
      to.flags(step.flags, 'seccomp', 'flags', true, seccomp_flags)
      to.str(step.listener, 'seccomp', 'listener', true)
      return
  }
}

/** Tell the slots of a step: those it fills, those it uses. @internal */
export function visitSlots(
  step: Step,
  made: (slot: string, op: OperationName) => void,
  used: (slot: string, op: OperationName) => void
): void {
  switch (step.op) {
    case 'open':
      if (step.in !== undefined) used(step.in, step.op)
      made(step.slot, step.op)
      return
    case 'pidfdOpen':
      made(step.slot, step.op)
      return
    case 'cgroupCreate':
      made(step.slot, step.op)
      return
    case 'cgroupRemove':
      if (step.made !== undefined) used(step.made, step.op)
      return
    case 'listen':
      made(step.slot, step.op)
      return
    case 'unlink':
      if (step.made !== undefined) used(step.made, step.op)
      return
    case 'deviceProgram':
      used(step.slot, step.op)
      return
    case 'writeFile':
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'readFile':
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'clone':
      if (step.cgroup !== undefined) used(step.cgroup, step.op)
      return
    case 'setns':
      used(step.slot, step.op)
      return
    case 'signal':
      if (step.send !== undefined) used(step.send, step.op)
      return
    case 'wait':
      if (step.receive !== undefined) made(step.receive, step.op)
      return
    case 'propagation':
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'fsMount':
      made(step.slot, step.op)
      return
    case 'openTree':
      if (step.in !== undefined) used(step.in, step.op)
      made(step.slot, step.op)
      return
    case 'mountSetattr':
      used(step.in, step.op)
      if (step.userns !== undefined) used(step.userns, step.op)
      return
    case 'moveMount':
      used(step.slot, step.op)
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'mount':
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'bind':
      if (step.from !== undefined) used(step.from, step.op)
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'mask':
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'readonly':
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'unmount':
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'mkdir':
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'symlink':
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'mknod':
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'makeFile':
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'copyUp':
      used(step.from, step.op)
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'makePty':
      if (step.in !== undefined) used(step.in, step.op)
      made(step.slot, step.op)
      return
    case 'pivotRoot':
      used(step.slot, step.op)
      return
    case 'moveRoot':
      used(step.slot, step.op)
      return
    case 'chroot':
      if (step.in !== undefined) used(step.in, step.op)
      return
    case 'controllingTerminal':
      used(step.slot, step.op)
      return
    case 'inheritFd':
      used(step.slot, step.op)
      return
    case 'park':
      if (step.listen !== undefined) used(step.listen, step.op)
      return
  }
}
