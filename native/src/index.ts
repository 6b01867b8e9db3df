export { errnoName, IsoError, type FailedStep, type IsoErrorInit } from './iso-error.js'
export * from './operations.gen.js'
export type { FieldKind, FieldSpec, OperationSpec, Side, SlotName, StepBase } from './step.js'
export {
  fchmodat,
  fchownat,
  linkat,
  mkdirat,
  mknodat,
  readNames,
  renameat,
  symlinkat,
  syncfs,
  unlinkat,
  utimensat,
  type TimeSpec,
} from './syscalls/at.js'
export { capget, prctl, type CapabilityMasks, type PrctlReader } from './syscalls/capability.js'
export { eventfd, eventfdRead, eventfdWrite } from './syscalls/eventfd.js'
export { flock } from './syscalls/flock.js'
export { addSeals, getSeals, memfdCreate, SEALS, type MemfdOptions } from './syscalls/memfd.js'
export { mknod, type NodeSpec } from './syscalls/mknod.js'
export {
  fsconfig,
  fsmount,
  fsopen,
  mount,
  MOUNT,
  MOUNT_ATTR,
  mountSetattr,
  MOVE_MOUNT,
  moveMount,
  OPEN_TREE,
  openTree,
  UMOUNT,
  umount2,
  type FsSetting,
  type MountChange,
  type MountOptions,
  type MountPlace,
} from './syscalls/mount.js'
export {
  hostnameInNamespace,
  nsInfo,
  nsParent,
  nsUserns,
  openInNamespace,
  translatePid,
  type NamespaceName,
  type NsInfo,
  type SocketKind,
} from './syscalls/namespace.js'
export {
  closeFd,
  closeOnExecRange,
  dupFd,
  OPEN,
  openat2,
  pipe2,
  RESOLVE,
  type OpenHow,
  type Pipe,
} from './syscalls/open.js'
export { adoptOrphans, pidfdGetfd, pidfdOpen, pidfdSendSignal, waitPidfd, type Waited } from './syscalls/pidfd.js'
export { getWinsize, openpty, rawMode, setWinsize, type Pty, type RawMode, type Winsize } from './syscalls/pty.js'
export { connectFd, peerCredentials, recvFds, sendFds, socketpair, type Received } from './syscalls/rights.js'
export { watch, type Watch, type WatchOptions } from './syscalls/watch.js'
export {
  fgetxattr,
  flistxattr,
  fremovexattr,
  fsetxattr,
  getxattr,
  lgetxattr,
  listxattr,
  llistxattr,
  lremovexattr,
  lsetxattr,
  removexattr,
  setxattr,
  type XattrMode,
} from './syscalls/xattr.js'
export { encode, type Program } from './plan/encode.js'
export { explain, explainSteps, type ExplainedStep } from './plan/explain.js'
export { link, phaseOf, sideOf, type LinkOptions, type Plan } from './plan/link.js'
export type { Child } from './launch/child.js'
export type { ExitStatus } from './launch/exit-status.js'
export { create, start, startWithListeners, type Created, type CreateOptions } from './launch/create.js'
export { launch, undo } from './launch/launch.js'
export type { PathLike } from './path-like.js'
export { shutdown } from './launch/launcher.js'
export type { LaunchOptions, Stdio } from './launch/options.js'
export { openTerminal, type Terminal } from './launch/terminal.js'
