#include "mounting.h"

#include <stdio.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#include "kernel.h"

struct iso_self_path iso_self_path(int fd) {
  struct iso_self_path p;
  snprintf(p.text, sizeof p.text, "/proc/self/fd/%d", fd);
  return p;
}

int iso_open_tree(int dir, const char *path, bool recursive) {
  unsigned flags = ISO_OPEN_TREE_CLONE | O_CLOEXEC | (recursive ? ISO_AT_RECURSIVE : 0) | (*path ? 0 : ISO_AT_EMPTY_PATH);
  int fd = (int)syscall(SYS_open_tree, dir, path, flags);
  return fd < 0 ? -errno : fd;
}

int iso_move_mount(int mount, int target) {
  long r = syscall(SYS_move_mount, mount, "", target, "", ISO_MOVE_MOUNT_F_EMPTY_PATH | ISO_MOVE_MOUNT_T_EMPTY_PATH);
  return r < 0 ? -errno : 0;
}

int iso_set_attributes(int mount, bool recursive, uint64_t set, uint64_t clear, uint64_t propagation, int userns) {
  // Changing how access times are kept means replacing the whole field (mount_setattr(2), "atime").
  if (set & (ISO_MOUNT_ATTR__ATIME)) clear |= ISO_MOUNT_ATTR__ATIME;
  struct iso_mount_attr attr = {set, clear, propagation, 0};
  if (userns >= 0) {
    attr.attr_set |= ISO_MOUNT_ATTR_IDMAP;
    attr.userns_fd = (uint64_t)userns;
  }
  if (!attr.attr_set && !attr.attr_clr && !attr.propagation) return 0;
  unsigned flags = ISO_AT_EMPTY_PATH | (recursive ? ISO_AT_RECURSIVE : 0);
  return syscall(SYS_mount_setattr, mount, "", flags, &attr, sizeof attr) < 0 ? -errno : 0;
}
