// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "mount.h"

#include <fcntl.h>
#include <sys/mount.h>

#include "../init/syscall-numbers.h"

// The library's headers have these only since 2.36, and then clash with the kernel's.
enum { ISO_FSOPEN_CLOEXEC = 1, ISO_FSMOUNT_CLOEXEC = 1, ISO_OPEN_TREE_CLOEXEC = O_CLOEXEC };

struct iso_mount_attr {
  uint64_t attr_set;
  uint64_t attr_clr;
  uint64_t propagation;
  uint64_t userns_fd;
};

ISO_FUNCTION(iso_mount) {
  ISO_ARGS(5);
  ISO_TEXT(0, source);
  ISO_TEXT(1, target);
  ISO_TEXT(2, fstype);
  ISO_INT(3, flags);
  ISO_TEXT(4, data);
  if (mount(source.value, target.value, fstype.value, (unsigned long)flags, data.value) == -1)
    return iso_throw(env, errno, "mount", target.value);
  return NULL;
}

ISO_FUNCTION(iso_umount2) {
  ISO_ARGS(2);
  ISO_TEXT(0, target);
  ISO_INT(1, flags);
  if (umount2(target.value, (int)flags) == -1) return iso_throw(env, errno, "umount2", target.value);
  return NULL;
}

ISO_FUNCTION(iso_fsopen) {
  ISO_ARGS(1);
  ISO_TEXT(0, fstype);
  int fd = (int)syscall(SYS_fsopen, fstype.value, ISO_FSOPEN_CLOEXEC);
  if (fd == -1) return iso_throw(env, errno, "fsopen", fstype.value);
  return iso_number(env, fd);
}

ISO_FUNCTION(iso_fsconfig) {
  ISO_ARGS(5);
  ISO_INT(0, fsfd);
  ISO_INT(1, command);
  ISO_TEXT(2, key);
  ISO_TEXT(3, value);
  ISO_INT(4, aux);
  if (syscall(SYS_fsconfig, (int)fsfd, (unsigned)command, key.value, value.value, (int)aux) == -1)
    return iso_throw(env, errno, "fsconfig", key.value);
  return NULL;
}

ISO_FUNCTION(iso_fsmount) {
  ISO_ARGS(2);
  ISO_INT(0, fsfd);
  ISO_INT(1, attributes);
  int fd = (int)syscall(SYS_fsmount, (int)fsfd, ISO_FSMOUNT_CLOEXEC, (unsigned)attributes);
  if (fd == -1) return iso_throw(env, errno, "fsmount", NULL);
  return iso_number(env, fd);
}

ISO_FUNCTION(iso_open_tree) {
  ISO_ARGS(3);
  ISO_INT(0, dirfd);
  ISO_TEXT(1, path);
  ISO_INT(2, flags);
  int fd = (int)syscall(SYS_open_tree, (int)dirfd, path.value, (unsigned)flags | ISO_OPEN_TREE_CLOEXEC);
  if (fd == -1) return iso_throw(env, errno, "open_tree", path.value);
  return iso_number(env, fd);
}

ISO_FUNCTION(iso_move_mount) {
  ISO_ARGS(5);
  ISO_INT(0, from_fd);
  ISO_TEXT(1, from);
  ISO_INT(2, to_fd);
  ISO_TEXT(3, to);
  ISO_INT(4, flags);
  if (syscall(SYS_move_mount, (int)from_fd, from.value, (int)to_fd, to.value, (unsigned)flags) == -1)
    return iso_throw(env, errno, "move_mount", to.value);
  return NULL;
}

ISO_FUNCTION(iso_mount_setattr) {
  ISO_ARGS(7);
  ISO_INT(0, dirfd);
  ISO_TEXT(1, path);
  ISO_INT(2, flags);
  ISO_INT(3, set);
  ISO_INT(4, clear);
  ISO_INT(5, propagation);
  ISO_INT(6, userns_fd);
  struct iso_mount_attr attr = {.attr_set = (uint64_t)set, .attr_clr = (uint64_t)clear,
                                .propagation = (uint64_t)propagation, .userns_fd = (uint64_t)userns_fd};
  if (syscall(SYS_mount_setattr, (int)dirfd, path.value, (unsigned)flags, &attr, sizeof attr) == -1)
    return iso_throw(env, errno, "mount_setattr", path.value);
  return NULL;
}
