// Constants that the C library of the build machine may be too old to know.
// Sources: include/uapi/linux/{mount,openat2,sched,pidfd}.h; the numbers below are the same on
// every architecture that has them (asm-generic since 5.x), which is why they can stand here.
#ifndef ISO_KERNEL_H
#define ISO_KERNEL_H

#include <stdint.h>

#include "syscall-numbers.h"

#define ISO_RESOLVE_NO_XDEV 0x01
#define ISO_RESOLVE_NO_MAGICLINKS 0x02
#define ISO_RESOLVE_IN_ROOT 0x10

#define ISO_OPEN_TREE_CLONE 1u
#define ISO_AT_EMPTY_PATH 0x1000u
#define ISO_AT_RECURSIVE 0x8000u
#define ISO_MOVE_MOUNT_F_EMPTY_PATH 0x04u
#define ISO_MOVE_MOUNT_T_EMPTY_PATH 0x40u
#define ISO_FSOPEN_CLOEXEC 1u
#define ISO_FSMOUNT_CLOEXEC 1u
#define ISO_FSCONFIG_SET_FLAG 0u
#define ISO_FSCONFIG_SET_STRING 1u
#define ISO_FSCONFIG_CMD_CREATE 6u
#define ISO_CLOSE_RANGE_CLOEXEC 4u

#define ISO_CLONE_PIDFD 0x00001000ull
#define ISO_CLONE_PARENT 0x00008000ull
#define ISO_CLONE_FILES 0x00000400ull
#define ISO_CLONE_INTO_CGROUP 0x200000000ull
#define ISO_CLONE_NEWTIME 0x00000080ull

#define ISO_NS_GET_NSTYPE 0xb703u  // ioctl_ns(2)

#define ISO_MOUNT_ATTR_IDMAP 0x00100000ull
#define ISO_MOUNT_ATTR__ATIME 0x70ull

struct iso_open_how {
  uint64_t flags, mode, resolve;
};

struct iso_mount_attr {
  uint64_t attr_set, attr_clr, propagation, userns_fd;
};

struct iso_clone_args {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

#endif
