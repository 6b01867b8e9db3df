// See resolve.h. openat2(2): RESOLVE_IN_ROOT keeps "..", absolute links and mount points beneath the root.
#include "resolve.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel.h"
#include "walk.h"

// A scoped lookup through ".." fails with EAGAIN under any concurrent rename on the machine: about one in fifteen under a
// rename storm, so this many tries leave one in 10^18; then the component walk, which no rename disturbs.
#define EAGAIN_TRIES 16

int iso_open_beneath(int root, const char *path, int flags, mode_t mode, uint64_t resolve) {
  struct iso_open_how how = {
      .flags = (uint64_t)(flags | O_CLOEXEC),
      .mode = (flags & O_CREAT) ? mode : 0,
      .resolve = ISO_RESOLVE_IN_ROOT | ISO_RESOLVE_NO_MAGICLINKS | resolve,
  };
  if (*path == 0) path = ".";
  for (int i = 0; i < EAGAIN_TRIES; i++) {
    int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
    if (fd >= 0) return fd;
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return -errno;
  }
  return iso_walk(root, path, flags, mode);
}

int iso_open(struct iso_context *c, uint32_t in, const char *path, int flags, mode_t mode, uint64_t resolve) {
  int root = iso_slot(c, in);
  if (in != ISO_NO_SLOT) return root < 0 ? -EBADF : iso_open_beneath(root, path, flags, mode, resolve);
  struct iso_open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .mode = (flags & O_CREAT) ? mode : 0, .resolve = resolve};
  int fd;
  do fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
  while (fd < 0 && (errno == EINTR || errno == EAGAIN));
  return fd < 0 ? -errno : fd;
}

int iso_mkdirs(struct iso_context *c, uint32_t in, const char *path, mode_t mode, bool *made) {
  if (made) *made = false;
  int fd = iso_open(c, in, path, O_PATH | O_DIRECTORY, 0, 0);
  if (fd != -ENOENT) return fd;
  char prefix[PATH_MAX];
  size_t length = strlen(path);
  if (length >= sizeof prefix) return -ENAMETOOLONG;
  memcpy(prefix, path, length + 1);
  while (length > 1 && prefix[length - 1] == '/') prefix[--length] = 0;
  char *slash = strrchr(prefix, '/');
  const char *name = slash ? slash + 1 : prefix;
  ISO_CLEANUP_FD int parent = -1;
  if (slash) *slash = 0;
  if (slash == prefix || !slash) parent = iso_open(c, in, in == ISO_NO_SLOT ? (slash ? "/" : ".") : "/", O_PATH | O_DIRECTORY, 0, 0);
  else parent = iso_mkdirs(c, in, prefix, 0755, NULL);
  if (parent < 0) return parent;
  if (*name == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return -EINVAL;
  if (mkdirat(parent, name, mode) == 0) {
    if (made) *made = true;
  } else if (errno != EEXIST) {
    return -errno;
  }
  fd = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return fd < 0 ? -errno : fd;
}

int iso_parent(struct iso_context *c, uint32_t in, const char *path, char *name, size_t size) {
  char prefix[PATH_MAX];
  size_t length = strlen(path);
  if (length >= sizeof prefix) return -ENAMETOOLONG;
  memcpy(prefix, path, length + 1);
  while (length > 1 && prefix[length - 1] == '/') prefix[--length] = 0;
  char *slash = strrchr(prefix, '/');
  const char *last = slash ? slash + 1 : prefix;
  if (*last == 0 || strcmp(last, ".") == 0 || strcmp(last, "..") == 0) return -EINVAL;
  if (strlen(last) >= size) return -ENAMETOOLONG;
  strcpy(name, last);
  if (!slash) return iso_open(c, in, in == ISO_NO_SLOT ? "." : "/", O_PATH | O_DIRECTORY, 0, 0);
  if (slash == prefix) return iso_open(c, in, "/", O_PATH | O_DIRECTORY, 0, 0);
  *slash = 0;
  return iso_mkdirs(c, in, prefix, 0755, NULL);
}

int iso_target(struct iso_context *c, uint32_t in, const char *path, uint32_t create) {
  int fd = iso_open(c, in, path, O_PATH, 0, 0);
  if (fd != -ENOENT || create == ISO_CREATE_NONE) return fd;
  if (create == ISO_CREATE_DIRECTORY) return iso_mkdirs(c, in, path, 0755, NULL);
  char name[NAME_MAX + 1];
  ISO_CLEANUP_FD int parent = iso_parent(c, in, path, name, sizeof name);
  if (parent < 0) return parent;
  ISO_CLEANUP_FD int made = openat(parent, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC | O_WRONLY, 0644);
  if (made < 0 && errno != EEXIST) return -errno;
  fd = openat(parent, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  return fd < 0 ? -errno : fd;
}
