// open, writeFile, readFile, mkdir, symlink, mknod, makeFile: entries of file systems. See openat2(2).
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "events.h"
#include "kernel.h"
#include "resolve.h"

// All files of a receipt together; what does not fit is left out of it, with EFBIG.
#define RECEIPT_MAX (ISO_EVENT_MAX - 1024u)

// A value written to the wrong file system goes nowhere or somewhere worse (CVE-2019-19921): the magic number is checked on
// the descriptor that is written to.
static int check_fs(struct iso_context *c, int fd, uint32_t magic, const char *path) {
  struct statfs fs;
  if (magic == 0) return 0;
  if (fstatfs(fd, &fs) < 0) return iso_fail(c, "fstatfs", path);
  return (uint32_t)fs.f_type == magic ? 0 : iso_fail_with(c, ESTALE, "fstatfs", path);
}

int iso_do_open(struct iso_context *c, const struct iso_open *a) {
  char buffer[PATH_MAX];
  const char *path = iso_expand(c, a->path, buffer, sizeof buffer);
  if (!path) return iso_fail_with(c, ENAMETOOLONG, "openat2", a->path.text);
  int fd = iso_open(c, a->in, path, (int)a->flags, a->mode, a->resolve);
  if (fd < 0) return iso_fail_with(c, -fd, "openat2", path);
  int r = check_fs(c, fd, a->fs, path);
  if (r < 0) {
    close(fd);
    return r;
  }
  iso_set_slot(c, a->slot, fd);
  return 0;
}

int iso_do_pidfd_open(struct iso_context *c, const struct iso_pidfd_open *a) {
  int fd = (int)syscall(SYS_pidfd_open, (pid_t)a->pid, 0);
  char path[32];
  snprintf(path, sizeof path, "%u", a->pid);
  if (fd < 0) return iso_fail(c, "pidfd_open", path);
  iso_set_slot(c, a->slot, fd);
  return 0;
}

static int compare(struct iso_context *c, int fd, const char *wanted, const char *path) {
  char found[4096];
  ssize_t n = pread(fd, found, sizeof found - 1, 0);
  if (n < 0) return iso_fail(c, "read", path);
  while (n > 0 && (found[n - 1] == '\n' || found[n - 1] == ' ')) n--;
  found[n] = 0;
  if (strcmp(found, wanted) == 0) return 0;
  iso_note(c, found, (size_t)n);
  return iso_fail_with(c, EBADE, "read", path);
}

int iso_do_write_file(struct iso_context *c, const struct iso_write_file *a) {
  char buffer[PATH_MAX];
  const char *path = iso_expand(c, a->path, buffer, sizeof buffer);
  if (!path) return iso_fail_with(c, ENAMETOOLONG, "openat2", a->path.text);
  int flags = (a->readback ? O_RDWR : O_WRONLY) | O_NOCTTY | (a->append ? O_APPEND : 0) | (a->truncate ? O_TRUNC : 0);
  ISO_CLEANUP_FD int fd = iso_open(c, a->in, path, flags, 0, 0);
  if (fd < 0) return iso_fail_with(c, -fd, "openat2", path);
  int r = check_fs(c, fd, a->fs, path);
  if (r < 0) return r;
  ssize_t n;
  do n = write(fd, a->data.data, a->data.length);
  while (n < 0 && errno == EINTR);
  if (n < 0) return iso_fail(c, "write", path);
  if ((uint32_t)n != a->data.length) return iso_fail_with(c, EIO, "write", path);
  return a->readback ? compare(c, fd, a->readback, path) : 0;
}

int iso_do_read_file(struct iso_context *c, const struct iso_read_file *a) {
  char buffer[PATH_MAX];
  const char *path = iso_expand(c, a->path, buffer, sizeof buffer);
  if (!path) return iso_fail_with(c, ENAMETOOLONG, "openat2", a->path.text);
  ISO_CLEANUP_FD int fd = iso_open(c, a->in, path, O_RDONLY | O_NOCTTY | O_NONBLOCK, 0, 0);
  if (fd < 0) return iso_fail_with(c, -fd, "openat2", path);
  uint32_t label = (uint32_t)strlen(a->label);
  if (label > 256 || c->receipt_size + 8 + label > RECEIPT_MAX) return iso_fail_with(c, EFBIG, "read", path);
  uint32_t room = RECEIPT_MAX - c->receipt_size - 8 - label;
  char *grown = realloc(c->receipt, RECEIPT_MAX);
  if (!grown) return iso_fail_with(c, ENOMEM, "mmap", path);
  c->receipt = grown;
  char *at = grown + c->receipt_size;
  uint32_t size = 0;
  for (;;) {
    if (size == room) return iso_fail_with(c, EFBIG, "read", path);
    ssize_t n = read(fd, at + 8 + label + size, room - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return iso_fail(c, "read", path);
    if (n == 0) break;
    size += (uint32_t)n;
  }
  memcpy(at, &label, 4);
  memcpy(at + 4, &size, 4);
  memcpy(at + 8, a->label, label);
  c->receipt_size += 8 + label + size;
  c->receipt_count++;
  return 0;
}

static int set_owner(struct iso_context *c, int dir, const char *name, uint32_t uid, uint32_t gid, const char *path) {
  if (uid == ISO_ABSENT && gid == ISO_ABSENT) return 0;
  return fchownat(dir, name, uid, gid, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) < 0 ? iso_fail(c, "fchownat", path) : 0;
}

int iso_do_mkdir(struct iso_context *c, const struct iso_mkdir *a) {
  bool made;
  ISO_CLEANUP_FD int fd = iso_mkdirs(c, a->in, a->path, a->mode, &made);
  if (fd < 0) return iso_fail_with(c, -fd, "mkdirat", a->path);
  if (!made) return 0;
  // mkdirat applies the umask, and O_PATH descriptors refuse fchmod: through their link in /proc/self/fd it is allowed.
  char self[32];
  snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
  if (chmod(self, a->mode) < 0) return iso_fail(c, "chmod", a->path);
  return set_owner(c, fd, "", a->uid, a->gid, a->path);
}

int iso_do_symlink(struct iso_context *c, const struct iso_symlink *a) {
  char name[NAME_MAX + 1];
  ISO_CLEANUP_FD int parent = iso_parent(c, a->in, a->path, name, sizeof name);
  if (parent < 0) return iso_fail_with(c, -parent, "openat2", a->path);
  if (symlinkat(a->target, parent, name) < 0 && errno != EEXIST) return iso_fail(c, "symlinkat", a->path);
  return 0;
}

int iso_do_mknod(struct iso_context *c, const struct iso_mknod *a) {
  char name[NAME_MAX + 1];
  ISO_CLEANUP_FD int parent = iso_parent(c, a->in, a->path, name, sizeof name);
  if (parent < 0) return iso_fail_with(c, -parent, "openat2", a->path);
  // The reset step set the umask; mknodat would apply it, so it is lifted for the one call.
  mode_t old = umask(0);
  int r = mknodat(parent, name, a->type | a->mode, makedev(a->major, a->minor));
  int error = errno;
  umask(old);
  if (r < 0) return iso_fail_with(c, error, "mknodat", a->path);
  return set_owner(c, parent, name, a->uid, a->gid, a->path);
}

int iso_do_make_file(struct iso_context *c, const struct iso_make_file *a) {
  char name[NAME_MAX + 1];
  ISO_CLEANUP_FD int parent = iso_parent(c, a->in, a->path, name, sizeof name);
  if (parent < 0) return iso_fail_with(c, -parent, "openat2", a->path);
  if (unlinkat(parent, name, 0) < 0 && errno != ENOENT) return iso_fail(c, "unlinkat", a->path);
  ISO_CLEANUP_FD int fd = openat(parent, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return iso_fail(c, "openat", a->path);
  for (uint32_t done = 0; done < a->data.length;) {
    ssize_t n = write(fd, a->data.data + done, a->data.length - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return iso_fail(c, "write", a->path);
    done += (uint32_t)n;
  }
  if (fchmod(fd, a->mode) < 0) return iso_fail(c, "fchmod", a->path);
  return set_owner(c, fd, "", a->uid, a->gid, a->path);
}
