// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "at.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

// A name of NULL would make the C library read address 0, or the kernel act on the descriptor itself.
#define ISO_NAME(index, name)                                                      \
  ISO_TEXT(index, name);                                                           \
  if ((name).value == NULL) return iso_throw(env, EFAULT, "openat", NULL)

static napi_value done(napi_env env, int result, const char *syscall, const char *path) {
  return result == -1 ? iso_throw(env, errno, syscall, path) : NULL;
}

ISO_FUNCTION(iso_mkdirat) {
  ISO_ARGS(3);
  ISO_INT(0, dirfd);
  ISO_NAME(1, name);
  ISO_INT(2, mode);
  return done(env, mkdirat((int)dirfd, name.value, (mode_t)mode), "mkdirat", name.value);
}

ISO_FUNCTION(iso_symlinkat) {
  ISO_ARGS(3);
  ISO_NAME(0, target);
  ISO_INT(1, dirfd);
  ISO_NAME(2, name);
  return done(env, symlinkat(target.value, (int)dirfd, name.value), "symlinkat", name.value);
}

ISO_FUNCTION(iso_linkat) {
  ISO_ARGS(4);
  ISO_INT(0, from_fd);
  ISO_NAME(1, from);
  ISO_INT(2, to_fd);
  ISO_NAME(3, to);
  return done(env, linkat((int)from_fd, from.value, (int)to_fd, to.value, 0), "linkat", to.value);
}

ISO_FUNCTION(iso_mknodat) {
  ISO_ARGS(5);
  ISO_INT(0, dirfd);
  ISO_NAME(1, name);
  ISO_INT(2, mode);
  ISO_INT(3, major);
  ISO_INT(4, minor);
  dev_t device = makedev((unsigned)major, (unsigned)minor);
  return done(env, mknodat((int)dirfd, name.value, (mode_t)mode, device), "mknodat", name.value);
}

ISO_FUNCTION(iso_unlinkat) {
  ISO_ARGS(3);
  ISO_INT(0, dirfd);
  ISO_NAME(1, name);
  ISO_INT(2, directory);
  return done(env, unlinkat((int)dirfd, name.value, directory ? AT_REMOVEDIR : 0), "unlinkat", name.value);
}

ISO_FUNCTION(iso_renameat) {
  ISO_ARGS(4);
  ISO_INT(0, from_fd);
  ISO_NAME(1, from);
  ISO_INT(2, to_fd);
  ISO_NAME(3, to);
  return done(env, renameat((int)from_fd, from.value, (int)to_fd, to.value), "renameat", to.value);
}

ISO_FUNCTION(iso_fchownat) {
  ISO_ARGS(4);
  ISO_INT(0, dirfd);
  ISO_NAME(1, name);
  ISO_INT(2, uid);
  ISO_INT(3, gid);
  int result = fchownat((int)dirfd, name.value, (uid_t)uid, (gid_t)gid, AT_SYMLINK_NOFOLLOW);
  return done(env, result, "fchownat", name.value);
}

ISO_FUNCTION(iso_fchmodat) {
  ISO_ARGS(3);
  ISO_INT(0, dirfd);
  ISO_NAME(1, name);
  ISO_INT(2, mode);
  return done(env, fchmodat((int)dirfd, name.value, (mode_t)mode, 0), "fchmodat", name.value);
}

ISO_FUNCTION(iso_utimensat) {
  ISO_ARGS(6);
  ISO_INT(0, dirfd);
  ISO_TEXT(1, name);
  ISO_INT(2, access_sec);
  ISO_INT(3, access_nsec);
  ISO_INT(4, modify_sec);
  ISO_INT(5, modify_nsec);
  const struct timespec times[2] = {
      {.tv_sec = (time_t)access_sec, .tv_nsec = (long)access_nsec},
      {.tv_sec = (time_t)modify_sec, .tv_nsec = (long)modify_nsec},
  };
  // The C library refuses a missing name; to the kernel it means the descriptor itself.
  if (name.value == NULL) return done(env, futimens((int)dirfd, times), "futimens", NULL);
  return done(env, utimensat((int)dirfd, name.value, times, AT_SYMLINK_NOFOLLOW), "utimensat", name.value);
}

struct iso_dirent64 {
  uint64_t inode;
  int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

enum { NAMES_BYTES = 32768 };

// Reads on from where the descriptor stands, one buffer a call; an empty result is the end.
ISO_FUNCTION(iso_read_names) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  _Alignas(8) char buffer[NAMES_BYTES];
  char names[NAMES_BYTES];
  size_t used = 0;
  while (used == 0) {
    long got = syscall(SYS_getdents64, (int)fd, buffer, sizeof buffer);
    if (got == -1) return iso_throw(env, errno, "getdents64", NULL);
    if (got == 0) break;
    for (long at = 0; at < got;) {
      const struct iso_dirent64 *entry = (const struct iso_dirent64 *)(buffer + at);
      at += entry->length;
      if (strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0) continue;
      size_t length = strlen(entry->name) + 1;
      memcpy(names + used, entry->name, length);
      used += length;
    }
  }
  return iso_buffer(env, names, used);
}

ISO_FUNCTION(iso_syncfs) {
  ISO_ARGS(1);
  ISO_INT(0, fd);
  return done(env, syncfs((int)fd), "syncfs", NULL);
}
