// SPDX-License-Identifier: Apache-2.0
// Registers names and does nothing else. The types of these functions are in src/binding.ts.

#include "at.h"
#include "capability.h"
#include "eventfd.h"
#include "flock.h"
#include "launcher.h"
#include "memfd.h"
#include "mknod.h"
#include "mount.h"
#include "namespace.h"
#include "open.h"
#include "pidfd.h"
#include "pty.h"
#include "rights.h"
#include "watch.h"
#include "xattr.h"

#define ENTRY(name, function) {name, NULL, function, NULL, NULL, NULL, napi_enumerable, NULL}

// Called once per environment: the main thread and every Worker that loads the addon. The one thing they share is the launcher's
// socket, under a lock.
NAPI_MODULE_INIT() {
  const napi_property_descriptor entries[] = {
      ENTRY("mkdirat", iso_mkdirat),
      ENTRY("symlinkat", iso_symlinkat),
      ENTRY("linkat", iso_linkat),
      ENTRY("mknodat", iso_mknodat),
      ENTRY("unlinkat", iso_unlinkat),
      ENTRY("renameat", iso_renameat),
      ENTRY("fchownat", iso_fchownat),
      ENTRY("fchmodat", iso_fchmodat),
      ENTRY("utimensat", iso_utimensat),
      ENTRY("readNames", iso_read_names),
      ENTRY("syncfs", iso_syncfs),
      ENTRY("capget", iso_capget),
      ENTRY("prctl", iso_prctl),
      ENTRY("eventfd", iso_eventfd),
      ENTRY("eventfdRead", iso_eventfd_read),
      ENTRY("eventfdWrite", iso_eventfd_write),
      ENTRY("flock", iso_flock),
      ENTRY("launcherSocket", iso_launcher_socket),
      ENTRY("launcherStart", iso_launcher_start),
      ENTRY("launcherStop", iso_launcher_stop),
      ENTRY("memfdCreate", iso_memfd_create),
      ENTRY("addSeals", iso_add_seals),
      ENTRY("getSeals", iso_get_seals),
      ENTRY("mknod", iso_mknod),
      ENTRY("mount", iso_mount),
      ENTRY("umount2", iso_umount2),
      ENTRY("fsopen", iso_fsopen),
      ENTRY("fsconfig", iso_fsconfig),
      ENTRY("fsmount", iso_fsmount),
      ENTRY("openTree", iso_open_tree),
      ENTRY("moveMount", iso_move_mount),
      ENTRY("mountSetattr", iso_mount_setattr),
      ENTRY("nsInfo", iso_ns_info),
      ENTRY("nsParent", iso_ns_parent),
      ENTRY("nsUserns", iso_ns_userns),
      ENTRY("nsPidFrom", iso_ns_pid_from),
      ENTRY("nsPidIn", iso_ns_pid_in),
      ENTRY("socketInNamespace", iso_socket_in_namespace),
      ENTRY("hostnameInNamespace", iso_hostname_in_namespace),
      ENTRY("openat2", iso_openat2),
      ENTRY("close", iso_close),
      ENTRY("closeRange", iso_close_range),
      ENTRY("dup", iso_dup),
      ENTRY("adopt", iso_adopt),
      ENTRY("release", iso_release),
      ENTRY("pipe2", iso_pipe2),
      ENTRY("pidfdOpen", iso_pidfd_open),
      ENTRY("pidfdSendSignal", iso_pidfd_send_signal),
      ENTRY("pidfdGetfd", iso_pidfd_getfd),
      ENTRY("waitPidfd", iso_wait_pidfd),
      ENTRY("openpty", iso_openpty),
      ENTRY("setWinsize", iso_set_winsize),
      ENTRY("getWinsize", iso_get_winsize),
      ENTRY("makeRaw", iso_make_raw),
      ENTRY("restoreMode", iso_restore_mode),
      ENTRY("socketpair", iso_socketpair),
      ENTRY("sendFds", iso_send_fds),
      ENTRY("recvFds", iso_recv_fds),
      ENTRY("peerCredentials", iso_peer_credentials),
      ENTRY("watch", iso_watch),
      ENTRY("watchClose", iso_watch_close),
      ENTRY("getxattr", iso_getxattr),
      ENTRY("lgetxattr", iso_lgetxattr),
      ENTRY("fgetxattr", iso_fgetxattr),
      ENTRY("setxattr", iso_setxattr),
      ENTRY("lsetxattr", iso_lsetxattr),
      ENTRY("fsetxattr", iso_fsetxattr),
      ENTRY("listxattr", iso_listxattr),
      ENTRY("llistxattr", iso_llistxattr),
      ENTRY("flistxattr", iso_flistxattr),
      ENTRY("removexattr", iso_removexattr),
      ENTRY("lremovexattr", iso_lremovexattr),
      ENTRY("fremovexattr", iso_fremovexattr),
  };
  napi_define_properties(env, exports, sizeof entries / sizeof entries[0], entries);
  return exports;
}
