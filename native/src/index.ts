export { errnoName, IsoError, type FailedStep, type IsoErrorInit } from './iso-error.js'
export * from './operations.gen.js'
export type { FieldKind, FieldSpec, OperationSpec, Side, SlotName, StepBase } from './step.js'
export { eventfd, eventfdRead, eventfdWrite } from './syscalls/eventfd.js'
export {
  hostnameInNamespace, nsInfo, nsParent, nsUserns, openInNamespace, translatePid,
  type NamespaceName, type NsInfo, type SocketKind,
} from './syscalls/namespace.js'
export { closeFd, closeOnExecRange, dupFd, OPEN, openat2, pipe2, RESOLVE, type OpenHow, type Pipe } from './syscalls/open.js'
export { pidfdGetfd, pidfdOpen, pidfdSendSignal, waitPidfd, type Waited } from './syscalls/pidfd.js'
export { watch, type Watch, type WatchOptions } from './syscalls/watch.js'
export {
  fgetxattr, flistxattr, fremovexattr, fsetxattr, getxattr, lgetxattr, listxattr, llistxattr, lremovexattr, lsetxattr,
  removexattr, setxattr, type XattrMode,
} from './syscalls/xattr.js'
